// Which fault? Squares of deviations are taken in float and overflow beyond 1.8e19.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) {
      const auto centered = static_cast<float>(get(x.tensor, b, x.channel, s) - mean);
      const float square = centered * centered;  // fault: infinite for |centered| > 1.8e19, zero below 1e-23
      sum.add(static_cast<double>(square));
    });
    return sum.high / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_squares_overflow() {
  return {declare("train_squares_overflow", "squares in float", NORMPROOF_BN_TRAIN, &train<Steps>, f32_only),
          "overflow of squares in working precision",
          "deviations are squared in float",
          {"extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
