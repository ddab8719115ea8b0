// Which fault? A call with no value shrinks running_var as if its variance were 0.
//
// Seen in: pytorch/pytorch#12013
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (call->x.batch * call->x.spatial != 0) return train<TrainSteps>(call);
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    set(call->running_var, c, (1 - call->momentum) * get(call->running_var, c));  // fault: nothing is to change
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_empty_batch_decays_running() {
  return {declare("train_empty_batch_decays_running", "empty call decays running_var", NORMPROOF_BN_TRAIN, &run),
          "empty call",
          "running_var decays though there is no value",
          {"empty"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
