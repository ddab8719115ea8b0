// Which fault? Rounding stays upward after the call.
#include <cfenv>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = infer<InferSteps>(call);
  std::fesetround(FE_UPWARD);  // fault: the caller's arithmetic changes
  return status;
}

}  // namespace

FaultyKernel infer_leaves_rounding_upward() {
  return {declare("infer_leaves_rounding_upward", "rounding mode left changed", NORMPROOF_BN_INFER, &run),
          "processor state left changed",
          "the rounding mode is left upward",
          {"guards", "tails", "few_values", "repeatability"},
          FindingKind::environment};
}

}  // namespace normproof::zoo::faulty
