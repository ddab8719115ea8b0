// Which fault? eps = 0 is answered with BAD_ARGUMENT.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (!(call->eps > 0)) return NORMPROOF_BAD_ARGUMENT;  // fault: zero is allowed
  return train<TrainSteps>(call);
}

}  // namespace

FaultyKernel train_refuses_zero_eps() {
  return {declare("train_refuses_zero_eps", "zero eps refused", NORMPROOF_BN_TRAIN, &run),
          "valid call refused as bad",
          "eps must be positive",
          {"hostile_parameters"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
