// Which fault? The output is normalised with the running statistics just updated, not with those of the batch (FC17).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

void update_then_normalize(const normproof_call& call, std::int64_t c) {
  const Channel x{call.x, c};
  double mean = TrainSteps::mean(x), variance = TrainSteps::variance(x, mean);
  TrainSteps::save(call, c, mean, TrainSteps::inv_std(variance, call.eps));
  if (TrainSteps::updates_running(call, x.count())) {
    set(call.running_mean, c, TrainSteps::new_running_mean(call, get(call.running_mean, c), mean));
    set(call.running_var, c, TrainSteps::new_running_var(call, get(call.running_var, c), variance, x.count()));
  }
  mean = get(call.running_mean, c, mean);  // fault: y is normalised with the statistics of the batch
  variance = get(call.running_var, c, variance);
  const double inv_std = TrainSteps::inv_std(variance, call.eps);
  each_place(call.x, [&](auto b, auto s) {
    const double value = get(call.x, b, c, s);
    set(call.y, b, c, s, TrainSteps::output(value, mean, inv_std, get(call.gamma, c, 1), get(call.beta, c)));
  });
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) update_then_normalize(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_normalizes_with_blend() {
  return {declare("train_normalizes_with_blend", "y from the blended running statistics", NORMPROOF_BN_TRAIN, &run),
          "FC17",
          "mean and variance are replaced by the updated running ones before y",
          {"running_statistics", "channel_statistics", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
