// Honest training: sums in double, and y by one fused multiply-add in float on (x − mean).
#include "tests/kernel_zoo/scaled_float.hpp"

namespace normproof::zoo::honest {
namespace {

struct SumsInDouble {
  static ScaledStatistics statistics(const ScaledChannel& x) {
    const double m = static_cast<double>(x.count());
    double sum = 0, squares = 0;
    for (std::int64_t n = 0; n < x.count(); ++n) sum += static_cast<double>(x[n]);
    const double exact_mean = sum / m;
    for (std::int64_t n = 0; n < x.count(); ++n) {
      const double centered = static_cast<double>(x[n]) - exact_mean;
      squares += centered * centered;
    }
    const float mean = static_cast<float>(exact_mean);
    return {mean, static_cast<float>(exact_mean - static_cast<double>(mean)), static_cast<float>(squares / m)};
  }
};

}  // namespace

normproof_kernel train_fused_scaled_float() {
  return declare("train_fused_scaled_float", "y = fma(x - mean, scale, beta) in float, scaled", NORMPROOF_BN_TRAIN,
                 &train_scaled<SumsInDouble, FusedOutput>, f32_only);
}

}  // namespace normproof::zoo::honest
