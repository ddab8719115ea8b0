// Which fault? Channels past 65535, the largest extent of a launch grid, are never visited (FC45).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t largest_grid = 65535;

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  const std::int64_t channels = std::min(call->x.channels, largest_grid);  // fault: the rest stays untouched
  for (std::int64_t c = 0; c < channels; ++c) backward_channel<BackwardSteps>(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_channel_limit_65535() {
  return {declare("backward_channel_limit_65535", "at most 65535 channels", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "FC45",
          "the loop over channels ends at 65535",
          {"limits"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
