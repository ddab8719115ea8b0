// Which fault? Full normalization writes y before it updates its state (FC17).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  using Steps = FullNormTrainSteps;
  if (const normproof_status status = Steps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Channel x{call->x, c};
    const double mean = Steps::mean(x), square = Steps::square(x);
    infer_channel<Steps>(*call, c);  // fault: comes after the update
    Steps::update_mean(*call, c, mean);
    Steps::update_square(*call, c, square);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel fn_train_normalizes_before_update() {
  return {declare("fn_train_normalizes_before_update", "y from the state before the update", NORMPROOF_FN_TRAIN, &run),
          "FC17",
          "y is computed from the old state",
          {"channel_statistics", "exact_statistics", "few_values", "running_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
