// Which fault? eps = 0 and one constant channel fail the whole call.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Channel x{call->x, c};
    const double variance = TrainSteps::variance(x, TrainSteps::mean(x));
    if (!(variance + call->eps != 0)) return NORMPROOF_FAILED;  // fault: the other channels are well
    train_channel<TrainSteps>(*call, c);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_zero_variance_fails() {
  return {declare("train_zero_variance_fails", "zero variance fails the call", NORMPROOF_BN_TRAIN, &run),
          "degenerate channel fails the call",
          "FAILED where one channel has no variance and eps is 0",
          {"extreme_values"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
