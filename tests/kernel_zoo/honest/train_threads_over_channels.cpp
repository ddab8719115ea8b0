// Honest training: threads share the channels; each channel is computed by one of them.
#include "tests/kernel_zoo/chunks.hpp"
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for_each_chunk(call->x.channels, call->threads, [&](std::int64_t c) { train_channel<TrainSteps>(*call, c); });
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel train_threads_over_channels() {
  return declare("train_threads_over_channels", "channels shared among threads", NORMPROOF_BN_TRAIN, &run);
}

}  // namespace normproof::zoo::honest
