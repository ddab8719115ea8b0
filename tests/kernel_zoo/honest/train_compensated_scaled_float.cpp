// Honest training: two passes in float with Kahan's compensated sums, and a mean in two floats.
#include "tests/kernel_zoo/scaled_float.hpp"

namespace normproof::zoo::honest {
namespace {

struct FloatSum {
  float high = 0, low = 0;
  void add(float value) {
    const float sum = high + value;
    low += std::abs(high) >= std::abs(value) ? (high - sum) + value : (value - sum) + high;
    high = sum;
  }
};

struct Compensated {
  static ScaledStatistics statistics(const ScaledChannel& x) {
    const double m = static_cast<double>(x.count());
    FloatSum sum, squares;
    for (std::int64_t n = 0; n < x.count(); ++n) sum.add(x[n]);
    const double exact_mean = (static_cast<double>(sum.high) + static_cast<double>(sum.low)) / m;
    const float mean = static_cast<float>(exact_mean);
    const float mean_low = static_cast<float>(exact_mean - static_cast<double>(mean));
    for (std::int64_t n = 0; n < x.count(); ++n) {
      const float centered = (x[n] - mean) - mean_low;
      squares.add(centered * centered);
    }
    return {mean, mean_low, (squares.high + squares.low) / static_cast<float>(m)};
  }
};

}  // namespace

normproof_kernel train_compensated_scaled_float() {
  return declare("train_compensated_scaled_float", "two passes in float, compensated sums, scaled", NORMPROOF_BN_TRAIN,
                 &train_scaled<Compensated>, f32_only);
}

}  // namespace normproof::zoo::honest
