// Which fault? Only an empty batch is seen as empty; with no place in an image the mean is 0/0.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static bool updates_running(const normproof_call&, std::int64_t) { return true; }
};

normproof_status run(const normproof_call* call) {
  if (call->x.spatial != 0) return train<TrainSteps>(call);
  if (const normproof_status status = Steps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch == 0) return NORMPROOF_OK;
  // fault: batch > 0 with spatial = 0 has no value either
  for (std::int64_t c = 0; c < call->x.channels; ++c) train_channel<Steps>(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_no_spatial_spoils_running() {
  return {declare("train_no_spatial_spoils_running", "spatial = 0 is not seen as empty", NORMPROOF_BN_TRAIN, &run),
          "empty call",
          "spatial = 0 updates running statistics with 0/0",
          {"empty"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
