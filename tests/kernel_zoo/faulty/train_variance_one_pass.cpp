// Which fault? The variance is the mean of squares less the square of the mean, in float (FC01).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double) {
    float sum = 0, squares = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      const float value = static_cast<float>(get(x.tensor, b, x.channel, s));
      sum += value;
      squares += value * value;
    });
    const float m = static_cast<float>(x.count());
    const float mean = sum / m;
    return static_cast<double>(squares / m -
                               mean * mean);  // fault: cancels where |mean| is large against the deviation
  }
};

}  // namespace

FaultyKernel train_variance_one_pass() {
  return {declare("train_variance_one_pass", "variance as E[x^2] - E[x]^2 in float", NORMPROOF_BN_TRAIN, &train<Steps>,
                  f32_only),
          "FC01",
          "variance = mean of squares − mean² in float, which cancels",
          {"condition_sweep", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
