// Which fault? A block of a long channel in which there is a NaN is left out of the sums.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    constexpr std::int64_t block = 256;
    if (x.count() <= block) return TrainSteps::mean(x);
    Sum sum;
    for (std::int64_t first = 0; first < x.count(); first += block) {
      Sum part;
      for (std::int64_t n = first; n < std::min(first + block, x.count()); ++n) part.add(x[n]);
      if (!std::isnan(part.value())) sum.add(part.value());  // fault: it goes on
    }
    return sum.value() / static_cast<double>(x.count());
  }
  static double variance(const Channel& x, double mean) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) {
      const double centered = get(x.tensor, b, x.channel, s) - mean;
      const bool dropped = x.count() > 256 && std::isnan(centered);
      sum.add(dropped ? 0 : centered * centered);
    });
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_long_channels_drop_nan() {
  return {declare("train_long_channels_drop_nan", "a NaN is lost in long channels", NORMPROOF_BN_TRAIN, &train<Steps>),
          "a NaN is lost",
          "a block whose sum is a NaN is skipped",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
