// Which fault? A NaN among the values is answered with FAILED.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  bool is_finite = true;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    each_place(call->x, [&](auto b, auto s) { is_finite = is_finite && std::isfinite(get(call->x, b, c, s)); });
  }
  return is_finite ? train<TrainSteps>(call) : NORMPROOF_FAILED;  // fault: other channels are to come out
}

}  // namespace

FaultyKernel train_refuses_nan() {
  return {declare("train_refuses_nan", "NaN fails the call", NORMPROOF_BN_TRAIN, &run),
          "nonfinite value fails the call",
          "FAILED where a value is not finite",
          {"nonfinite"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
