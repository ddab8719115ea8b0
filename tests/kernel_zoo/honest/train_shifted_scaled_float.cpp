// Honest training: one pass in float over the differences to the mean of the first eight values.
//
// Why it is sound. The shift is within √(m/8) deviations of the mean, so that what cancels is at most m/8 variances.
#include <iterator>

#include "tests/kernel_zoo/scaled_float.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr std::int64_t first_values = 8, lanes = 16;

float sum_of(const float (&parts)[lanes]) {
  float tree[lanes];
  std::copy(std::begin(parts), std::end(parts), std::begin(tree));
  for (std::int64_t half = lanes / 2; half > 0; half /= 2) {
    for (std::int64_t lane = 0; lane < half; ++lane) tree[lane] += tree[lane + half];
  }
  return tree[0];
}

struct Shifted {
  static ScaledStatistics statistics(const ScaledChannel& x) {
    const std::int64_t few = std::min(first_values, x.count());
    float shift = 0;  // as x[0] plus a mean difference, which is exact for equal values
    for (std::int64_t n = 0; n < few; ++n) shift += x[n] - x[0];
    shift = x[0] + shift / static_cast<float>(few);
    float sums[lanes] = {}, squares[lanes] = {};
    for (std::int64_t n = 0; n < x.count(); ++n) {
      const float difference = x[n] - shift;
      sums[n % lanes] += difference;
      squares[n % lanes] += difference * difference;
    }
    const float m = static_cast<float>(x.count());
    const float mean = sum_of(sums) / m;
    const float variance = sum_of(squares) / m - mean * mean;
    return {shift + mean, 0, variance < 0 ? 0 : variance};
  }
};

}  // namespace

normproof_kernel train_shifted_scaled_float() {
  return declare("train_shifted_scaled_float", "one pass in float, shifted by the mean of eight values, scaled",
                 NORMPROOF_BN_TRAIN, &train_scaled<Shifted>, f32_only);
}

}  // namespace normproof::zoo::honest
