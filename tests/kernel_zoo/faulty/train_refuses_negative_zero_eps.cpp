// Which fault? An eps of −0 is answered with BAD_ARGUMENT, for its sign bit is set.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (std::signbit(call->eps)) return NORMPROOF_BAD_ARGUMENT;  // fault: −0 is not below 0
  return train<TrainSteps>(call);
}

}  // namespace

FaultyKernel train_refuses_negative_zero_eps() {
  return {declare("train_refuses_negative_zero_eps", "eps of −0 refused", NORMPROOF_BN_TRAIN, &run),
          "valid call refused as bad",
          "the sign bit of eps decides",
          {"errors"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
