// Which fault? running_var is found by a second look at x, which holds y where y is x.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Channel x{call->x, c};
    const double mean = TrainSteps::mean(x);
    const double inv_std = TrainSteps::inv_std(TrainSteps::variance(x, mean), call->eps);
    const double gamma = get(call->gamma, c, 1), beta = get(call->beta, c, 0);
    each_place(call->x, [&](auto b, auto s) {
      set(call->y, b, c, s, TrainSteps::output(get(call->x, b, c, s), mean, inv_std, gamma, beta));
    });
    if (TrainSteps::updates_running(*call, x.count())) {
      const double variance = TrainSteps::variance(x, mean);  // fault: x is overwritten where y is x
      set(call->running_mean, c, TrainSteps::new_running_mean(*call, get(call->running_mean, c), mean));
      set(call->running_var, c, TrainSteps::new_running_var(*call, get(call->running_var, c), variance, x.count()));
    }
    TrainSteps::save(*call, c, mean, inv_std);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_running_var_of_output() {
  return {declare("train_running_var_of_output", "variance taken again after y is written", NORMPROOF_BN_TRAIN, &run),
          "input read again after the output was written",
          "the variance for running_var is taken after y was written",
          {"aliasing"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
