// Which fault? The number of values is kept in 16 bits.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    const auto count = static_cast<std::int16_t>(x.count());  // fault: negative from 32768 on
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) { sum.add(get(x.tensor, b, x.channel, s)); });
    return sum.value() / static_cast<double>(count);
  }
};

}  // namespace

FaultyKernel train_count_in_int16() {
  return {declare("train_count_in_int16", "count in 16 bits", NORMPROOF_BN_TRAIN, &train<Steps>),
          "count overflows a narrow integer",
          "m is kept in int16_t",
          {"limits", "large_batch"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
