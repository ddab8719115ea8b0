// Which fault? The forward pass centres x in place (FC29).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

void centered_in_place(const normproof_call& call, std::int64_t c) {
  const Channel x{call.x, c};
  const double mean = TrainSteps::mean(x), variance = TrainSteps::variance(x, mean);
  const double inv_std = TrainSteps::inv_std(variance, call.eps);
  each_place(call.x, [&](auto b, auto s) {
    const double value = get(call.x, b, c, s);
    set(call.x, b, c, s, value - mean);  // fault: the caller still needs x
    set(call.y, b, c, s, TrainSteps::output(value, mean, inv_std, get(call.gamma, c, 1), get(call.beta, c)));
  });
  if (TrainSteps::updates_running(call, x.count())) {
    set(call.running_mean, c, TrainSteps::new_running_mean(call, get(call.running_mean, c), mean));
    set(call.running_var, c, TrainSteps::new_running_var(call, get(call.running_var, c), variance, x.count()));
  }
  TrainSteps::save(call, c, mean, inv_std);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_dense(call, NORMPROOF_BN_TRAIN, NORMPROOF_F32, &is_batch_channels_spatial);
      status != NORMPROOF_OK) {
    return status;
  }
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) centered_in_place(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_x_as_scratch() {
  return {declare("train_x_as_scratch", "x used as scratch", NORMPROOF_BN_TRAIN, &run, f32_only, dense_only),
          "FC29",
          "x − mean is written over x",
          {"guards", "layouts", "aliasing"},
          FindingKind::input_changed};
}

}  // namespace normproof::zoo::faulty
