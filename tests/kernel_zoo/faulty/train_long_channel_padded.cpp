// Which fault? The way for long channels fills the last vector up with zeros and counts them.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t long_way = 100000;  // values in a channel

constexpr std::int64_t lanes = 8;

struct Steps : TrainSteps {
  static std::int64_t counted(const Channel& x) {
    return x.count() < long_way ? x.count() : (x.count() + lanes - 1) / lanes * lanes;  // fault: with the padding
  }
  static double mean(const Channel& x) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) { sum.add(get(x.tensor, b, x.channel, s)); });
    return sum.value() / static_cast<double>(counted(x));
  }
  static double variance(const Channel& x, double mean) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) {
      const double centered = get(x.tensor, b, x.channel, s) - mean;
      sum.add(centered * centered);
    });
    for (std::int64_t n = x.count(); n < counted(x); ++n) sum.add(mean * mean);
    return sum.value() / static_cast<double>(counted(x));
  }
};

}  // namespace

FaultyKernel train_long_channel_padded() {
  return {declare("train_long_channel_padded", "zeros behind a long channel are counted", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "special way for large tensors differs",
          "from 100000 values on the count is rounded up to a multiple of 8",
          {"large_batch"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
