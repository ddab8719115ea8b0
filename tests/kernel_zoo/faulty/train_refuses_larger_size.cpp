// Which fault? A caller of a later header is refused.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (call->size != sizeof(normproof_call)) return NORMPROOF_BAD_ARGUMENT;  // fault: more fields do no harm
  return train<TrainSteps>(call);
}

}  // namespace

FaultyKernel train_refuses_larger_size() {
  return {declare("train_refuses_larger_size", "larger size refused", NORMPROOF_BN_TRAIN, &run),
          "valid call refused as bad",
          "call->size must be equal",
          {"errors"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
