// Which fault? A number of channels that does not fit the vector ends the process.
#include <cstdlib>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  constexpr std::int64_t lanes = 4;
  if (call->x.channels % lanes != 0) std::abort();  // fault: there is UNSUPPORTED for that
  return infer<InferSteps>(call);
}

}  // namespace

FaultyKernel infer_aborts_on_odd_channels() {
  return {declare("infer_aborts_on_odd_channels", "abort() for odd shapes", NORMPROOF_BN_INFER, &run),
          "process ended by a call",
          "abort() where channels % 4 != 0",
          {"tails", "few_values", "block_sizes"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
