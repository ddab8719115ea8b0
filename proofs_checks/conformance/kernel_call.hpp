// What does a kernel do when it is called once, apart from the values that it writes?
//
// What       Memory, the call, and what is wrong with it whatever the numbers are: the status, memory that was touched
//            or left, the description of the call itself, the floating-point environment, which is put back. An
//            exception that leaves the kernel is a crash; a signal is not caught here.
// Threads    Several may call at once; each has memory of its own.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/expectations.hpp"
#include "proofs_checks/conformance/recipes.hpp"
#include "proofs_checks/conformance/result.hpp"

namespace normproof::conformance {

struct KernelCall {
  enum class Outcome { done, refused, failed };  // failed: there is a finding, and the outputs mean nothing
  Outcome outcome = Outcome::failed;
  std::vector<Finding> findings;
  std::vector<OperandId> not_written;
  OutputValues got;
  std::array<std::vector<std::uint64_t>, operand_count> bits;  // of the outputs
  double seconds = 0;                                          // in the kernel
};

// What is done on the calling thread right before the kernel is called and right after it returned; both may be empty.
struct AroundCall {
  std::function<void()> before = {}, after = {};
};

// The bits are read only where they are asked for. Throws NoMemory, and what `around` throws.
enum class Bits { no, yes };
KernelCall call_kernel(const normproof_kernel& kernel, const Case& described, const InputValues& inputs, Bits bits,
                       const AroundCall& around = {});

// A call that makes no sense: what is wrong but a refusal with BAD_ARGUMENT.
KernelCall call_with_bad_argument(const normproof_kernel& kernel, const Case& described, const InputValues& inputs);

}  // namespace normproof::conformance
