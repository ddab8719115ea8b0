// Which fault? Channels are dealt to threads in equal shares and the remainder to nobody.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  const std::int64_t threads = std::max(call->threads, 1);
  const std::int64_t share = call->x.channels / threads;  // fault: rounded down, and no thread takes what is left
  for (std::int64_t c = 0; c < share * threads; ++c) train_channel<TrainSteps>(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_threads_lose_remainder() {
  return {declare("train_threads_lose_remainder", "channels beyond equal shares are left out", NORMPROOF_BN_TRAIN, &run,
                  f32_and_f64, NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE),
          "partition over threads loses the remainder",
          "channels / threads is rounded down",
          {"threads", "repeatability"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
