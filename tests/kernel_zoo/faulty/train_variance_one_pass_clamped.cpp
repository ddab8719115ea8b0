// Which fault? The variance is E[x²] − E[x]² in float, and what cancels below zero is called zero (FC01).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    Sum squares;
    each_place(x.tensor, [&](auto b, auto s) {
      const double value = get(x.tensor, b, x.channel, s);
      squares.add(value * value);
    });
    const float mean_square = static_cast<float>(squares.value() / static_cast<double>(x.count()));
    const float rounded_mean = static_cast<float>(mean);
    const float difference = mean_square - rounded_mean * rounded_mean;  // fault: both are rounded before they cancel
    return static_cast<double>(std::max(0.0f, difference));
  }
};

}  // namespace

FaultyKernel train_variance_one_pass_clamped() {
  return {declare("train_variance_one_pass_clamped", "variance as max(0, E[x^2] - E[x]^2) in float", NORMPROOF_BN_TRAIN,
                  &train<Steps>, f32_only),
          "FC01",
          "variance = max(0, mean of squares − mean²): finite, and wrong",
          {"condition_sweep", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
