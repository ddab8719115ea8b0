// Which fault? The size that the caller states is not looked at.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  normproof_call whole = *call;  // fault: a caller of an older header has not so many bytes
  whole.size = sizeof whole;
  return train<TrainSteps>(&whole);
}

}  // namespace

FaultyKernel train_accepts_small_size() {
  return {declare("train_accepts_small_size", "size not looked at", NORMPROOF_BN_TRAIN, &run),
          "bad argument accepted",
          "call->size is not looked at",
          {"errors"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
