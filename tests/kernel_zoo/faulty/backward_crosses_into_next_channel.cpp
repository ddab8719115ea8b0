// Which fault? The last vector of a row spills into the next channel's first value.
//
// Seen in: ROCm/rocm-libraries#6765
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// Channels from the last to the first, so that the spill is never put right.
normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  const normproof_tensor& dx = call->dx;
  for (std::int64_t c = call->x.channels - 1; c >= 0; --c) {
    backward_channel<BackwardSteps>(*call, c);
    if (dx.data == nullptr || dx.spatial % 2 == 0 || c + 1 == dx.channels) continue;
    for (std::int64_t b = 0; b < dx.batch; ++b) {
      set(dx, b, c + 1, 0, get(dx, b, c, dx.spatial - 1));  // fault: the second lane of the last store
    }
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_crosses_into_next_channel() {
  return {declare("backward_crosses_into_next_channel", "vector store spills over", NORMPROOF_BN_TRAIN_BACKWARD, &run,
                  f32_and_f64, NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC),
          "vector store crosses into another channel",
          "the first value of the next channel is overwritten where spatial is odd",
          {"tails", "block_sizes", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
