// Which fault? A batch of more than 1000 samples is normalised in parts.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t largest_part = 1000;

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch <= largest_part) return train<TrainSteps>(call);
  for (std::int64_t first = 0; first < call->x.batch; first += largest_part) {
    normproof_call part = *call;
    for (normproof_tensor* t : {&part.x, &part.y}) {
      const std::int64_t size = t->dtype == NORMPROOF_F64 ? sizeof(double) : sizeof(float);
      t->data = static_cast<char*>(t->data) + first * t->batch_stride * size;
      t->batch = std::min(largest_part, call->x.batch - first);
    }
    train<TrainSteps>(&part);  // fault: each part has statistics of its own
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_large_batch_in_parts() {
  return {declare("train_large_batch_in_parts", "a large batch falls into parts", NORMPROOF_BN_TRAIN, &run),
          "large batch normalised in parts",
          "statistics are taken over 1000 samples at a time",
          {"large_batch", "limits"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
