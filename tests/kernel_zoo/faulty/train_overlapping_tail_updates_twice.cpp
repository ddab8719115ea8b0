// Which fault? The last block of channels overlaps the one before and updates its statistics again.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t block = 8;

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  const std::int64_t channels = call->x.channels;
  for (std::int64_t first = 0; first < channels; first += block) {
    const std::int64_t start = std::max<std::int64_t>(0, std::min(first, channels - block));
    // fault: y comes out the same, running_mean and running_var move twice
    for (std::int64_t c = start; c < std::min(start + block, channels); ++c) train_channel<TrainSteps>(*call, c);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_overlapping_tail_updates_twice() {
  return {declare("train_overlapping_tail_updates_twice", "overlapping last block of channels", NORMPROOF_BN_TRAIN,
                  &run, f32_and_f64, NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC),
          "overlapping tail is not idempotent",
          "channels of the overlap get two updates of their running statistics",
          {"tails", "block_sizes", "limits", "running_statistics", "permute_channels"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
