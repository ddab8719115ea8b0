// Which fault? Calls whose data the kernel cannot do well are refused.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_tensor& x = call->x;
  if (call->size == sizeof *call && x.data != nullptr && x.batch * x.channels * x.spatial > 0) {
    const double first = get(x, 0, 0, 0);
    if (std::fabs(first) > 50) return NORMPROOF_UNSUPPORTED;  // fault: data are no reason
  }
  return train<TrainSteps>(call);
}

}  // namespace

FaultyKernel train_refuses_large_mean() {
  return {declare("train_refuses_large_mean", "large data are refused", NORMPROOF_BN_TRAIN, &run),
          "refusal by value",
          "UNSUPPORTED is returned where the first value is above 50",
          {"condition_sweep", "large_batch", "shift"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
