// Which fault? Statistics leave NaN out, and the channel looks healthy.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    Sum sum;
    std::int64_t count = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      const double value = get(x.tensor, b, x.channel, s);
      if (std::isnan(value)) return;  // fault: the formula has no exception
      sum.add(value);
      ++count;
    });
    return sum.value() / static_cast<double>(count);
  }
  static double variance(const Channel& x, double mean) {
    Sum sum;
    std::int64_t count = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      const double centered = get(x.tensor, b, x.channel, s) - mean;
      if (std::isnan(centered)) return;
      sum.add(centered * centered);
      ++count;
    });
    return sum.value() / static_cast<double>(count);
  }
};

}  // namespace

FaultyKernel train_nan_ignored() {
  return {declare("train_nan_ignored", "NaN left out of statistics", NORMPROOF_BN_TRAIN, &train<Steps>),
          "NaN swallowed",
          "mean and variance skip NaN",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
