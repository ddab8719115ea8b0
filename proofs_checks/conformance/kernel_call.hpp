// What does a kernel do when it is called once, apart from the values that it writes?
//
// What       Memory, the call, and what is wrong with it whatever the numbers are: the status, memory that was touched
//            or left, the floating-point environment (rounding direction; on x86 flush-to-zero, denormals-are-zero and
//            exception masks, and the x87 control word too). The environment is put back. Exception flags do not count.
//            An exception that leaves the kernel is a crash; a signal is not caught here.
#pragma once

#include <array>
#include <cstdint>
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

// The bits are read only where they are asked for. Throws NoMemory.
enum class Bits { no, yes };
KernelCall call_kernel(const normproof_kernel& kernel, const Case& described, const InputValues& inputs, Bits bits);

// A call that makes no sense: what is wrong but a refusal with BAD_ARGUMENT.
KernelCall call_with_bad_argument(const normproof_kernel& kernel, const Case& described, const InputValues& inputs);

}  // namespace normproof::conformance
