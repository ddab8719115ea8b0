// Which fault? Running statistics decay before the arguments are looked at.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (call->size < sizeof(normproof_call)) return NORMPROOF_BAD_ARGUMENT;
  if (!(call->eps >= 0)) {
    set(call->running_mean, 0, 0);  // fault: nothing is to be written here
    return NORMPROOF_BAD_ARGUMENT;
  }
  return train<TrainSteps>(call);
}

}  // namespace

FaultyKernel train_writes_before_refusing() {
  return {declare("train_writes_before_refusing", "writes before it refuses", NORMPROOF_BN_TRAIN, &run),
          "refused call leaves traces",
          "running_mean is reset before the refusal",
          {"errors"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
