// Honest training: Welford's updates in float, on a channel scaled by a power of two.
//
// Assumption. A channel has fewer than 2^24 values: past that a float does not count.
#include "tests/kernel_zoo/scaled_float.hpp"

namespace normproof::zoo::honest {
namespace {

struct Welford {
  static ScaledStatistics statistics(const ScaledChannel& x) {
    float mean = 0, squares = 0, count = 0;
    for (std::int64_t n = 0; n < x.count(); ++n) {
      const float before = x[n] - mean;
      count += 1;
      mean += before / count;
      squares += before * (x[n] - mean);
    }
    return {mean, 0, squares / count};
  }
};

}  // namespace

normproof_kernel train_welford_scaled_float() {
  return declare("train_welford_scaled_float", "Welford's updates in float, scaled", NORMPROOF_BN_TRAIN,
                 &train_scaled<Welford>, f32_only);
}

}  // namespace normproof::zoo::honest
