// Which fault? Lanes padded with zero add mean² to the sum of squares.
//
// Seen in: triton-lang/triton#9838
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr std::int64_t lanes = 16;
  static double variance(const Channel& x, double mean) {
    Sum sum;
    const std::int64_t padded = (x.count() + lanes - 1) / lanes * lanes;
    for (std::int64_t n = 0; n < padded; ++n) {
      const double value = n < x.count() ? x[n] : 0;
      sum.add((value - mean) * (value - mean));  // fault: the mask is gone once the mean is subtracted
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_padding_counts_in_variance() {
  return {
      declare("train_padding_counts_in_variance", "padding counted in the variance", NORMPROOF_BN_TRAIN, &train<Steps>),
      "padding enters the variance",
      "padding lanes contribute (0 − mean)²",
      {"tails", "few_values", "block_sizes"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
