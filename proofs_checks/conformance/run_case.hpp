// What does a kernel make of a case? Prepare, call, judge.
//
// Runs in the process that has the kernel: a worker, as a rule. The only thing that leaves is the result.
#pragma once

#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/result.hpp"

namespace normproof::conformance {

// The kernel under test, and its library's others (forward_backward needs its BN_TRAIN).
struct KernelUnderTest {
  const normproof_kernel* kernel = nullptr;
  std::vector<const normproof_kernel*> library;
  // No thread of this process belongs to anybody but the library: true in a worker.
  bool alone_in_process = false;
};

CaseResult run_case(const KernelUnderTest& subject, const Case& described);

// The same, and the operands before and after the call, for --dump: name, shape, values.
struct DumpedOperand {
  std::string name;  // "x", "y_got", "y_expected", "y_bound"
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};
std::vector<DumpedOperand> operands_of(const KernelUnderTest& subject, const Case& described);

}  // namespace normproof::conformance
