// Which fault? The sum of squared deviations is kept in half precision (FC03).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    double sum = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      const double centered = get(x.tensor, b, x.channel, s) - mean;
      sum = as_half(sum + centered * centered);  // fault: the accumulator has 11 bits and ends at 65504
    });
    return sum / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_variance_half_sum() {
  return {declare("train_variance_half_sum", "variance summed in half precision", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC03",
          "the running sum of squares is rounded to half: 11 bits, infinite past 65504",
          {"exact_statistics", "block_sizes", "extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
