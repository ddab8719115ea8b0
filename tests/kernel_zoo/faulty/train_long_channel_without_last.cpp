// Which fault? The way for long channels leaves the last value out of the statistics.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t long_way = 100000;  // values in a channel

struct Steps : TrainSteps {
  // f of every value, and their number.
  template <class F>
  static std::int64_t each_counted(const Channel& x, const F& f) {
    const std::int64_t counted = x.count() < long_way ? x.count() : x.count() - 1;  // fault: no tail on the long way
    std::int64_t n = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      if (n++ < counted) f(get(x.tensor, b, x.channel, s));
    });
    return counted;
  }
  static double mean(const Channel& x) {
    Sum sum;
    const std::int64_t counted = each_counted(x, [&](double value) { sum.add(value); });
    return sum.value() / static_cast<double>(counted);
  }
  static double variance(const Channel& x, double mean) {
    Sum sum;
    const std::int64_t counted = each_counted(x, [&](double value) { sum.add((value - mean) * (value - mean)); });
    return sum.value() / static_cast<double>(counted);
  }
};

}  // namespace

FaultyKernel train_long_channel_without_last() {
  return {declare("train_long_channel_without_last", "the last of a long channel is left out", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "special way for large tensors differs",
          "from 100000 values on the last one is not counted",
          {"large_batch"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
