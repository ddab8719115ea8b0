// Which fault? Channels past the first block of 64 are never visited (FC37).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t channels_per_block = 64;

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  const std::int64_t channels = std::min(call->x.channels, channels_per_block);  // fault: no loop over blocks
  for (std::int64_t c = 0; c < channels; ++c) train_channel<TrainSteps>(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_first_64_channels() {
  return {declare("train_first_64_channels", "one block of 64 channels", NORMPROOF_BN_TRAIN, &run),
          "FC37",
          "the loop over channels ends at 64",
          {"block_sizes", "limits"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
