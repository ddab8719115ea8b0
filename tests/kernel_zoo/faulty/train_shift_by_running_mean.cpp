// Which fault? One pass shifted by running_mean, which may be anywhere.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static inline thread_local const normproof_call* call = nullptr;
  static double variance(const Channel& x, double mean) {
    const bool is_tracked = call->running_mean.data != nullptr;
    const double center = is_tracked ? get(call->running_mean, x.channel) : mean;  // fault: a poor shift cancels
    const auto shift = static_cast<float>(center);
    float sum = 0, squares = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      const float shifted = static_cast<float>(get(x.tensor, b, x.channel, s)) - shift;
      sum += shifted;
      squares += shifted * shifted;
    });
    const auto m = static_cast<float>(x.count());
    return static_cast<double>(squares / m - (sum / m) * (sum / m));
  }
};

normproof_status run(const normproof_call* call) {
  Steps::call = call;
  return train<Steps>(call);
}

}  // namespace

FaultyKernel train_shift_by_running_mean() {
  return {
      declare("train_shift_by_running_mean", "variance shifted by running_mean", NORMPROOF_BN_TRAIN, &run, f32_only),
      "shift of a one-pass variance that does not fit the data",
      "the one-pass variance is shifted by running_mean",
      {"hostile_parameters", "condition_sweep", "running_statistics"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
