// Which fault? Partial sums have room for 32 threads, and what the others sum is lost.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  constexpr std::int64_t most_threads = 32;
  const std::int64_t count = call->x.batch * call->x.spatial, threads = std::max(call->threads, 1);
  if (count == 0) return NORMPROOF_OK;
  normproof_call of_some = *call;
  // fault: samples are dealt to all threads, and those of the first 32 are counted
  if (threads > most_threads) of_some.x.batch = std::max<std::int64_t>(1, call->x.batch * most_threads / threads);
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const double mean = TrainSteps::mean({of_some.x, c});
    const double variance = TrainSteps::variance({of_some.x, c}, mean);
    const double inv_std = TrainSteps::inv_std(variance, call->eps);
    const double gamma = get(call->gamma, c, 1), beta = get(call->beta, c, 0);
    each_place(call->x, [&](auto b, auto s) {
      set(call->y, b, c, s, TrainSteps::output(get(call->x, b, c, s), mean, inv_std, gamma, beta));
    });
    if (TrainSteps::updates_running(*call, count)) {
      set(call->running_mean, c, TrainSteps::new_running_mean(*call, get(call->running_mean, c), mean));
      set(call->running_var, c, TrainSteps::new_running_var(*call, get(call->running_var, c), variance, count));
    }
    TrainSteps::save(*call, c, mean, inv_std);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_partial_sums_for_32_threads() {
  return {declare("train_partial_sums_for_32_threads", "samples of the 33rd thread are lost", NORMPROOF_BN_TRAIN, &run,
                  f32_and_f64, NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE),
          "a table of a fixed size",
          "the table of partial sums has 32 places",
          {"threads"}};
}

}  // namespace normproof::zoo::faulty
