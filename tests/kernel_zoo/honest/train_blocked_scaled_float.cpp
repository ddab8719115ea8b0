// Honest training: blocks of 64 values in float, merged as Chan, Golub and LeVeque do.
#include "tests/kernel_zoo/scaled_float.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr std::int64_t block = 64;

struct Moments {
  float count = 0, mean = 0, squares = 0;
};

Moments of_block(const ScaledChannel& x, std::int64_t first, std::int64_t last) {
  Moments of;
  of.count = static_cast<float>(last - first);
  float sum = 0;  // of the differences to the first value: zero exactly where the block is constant
  for (std::int64_t n = first; n < last; ++n) sum += x[n] - x[first];
  of.mean = x[first] + sum / of.count;
  for (std::int64_t n = first; n < last; ++n) of.squares += (x[n] - of.mean) * (x[n] - of.mean);
  return of;
}

Moments merged(const Moments& a, const Moments& b) {
  const float count = a.count + b.count, difference = b.mean - a.mean;
  return {count, a.mean + difference * (b.count / count),
          a.squares + b.squares + difference * difference * (a.count * (b.count / count))};
}

struct Blocked {
  static ScaledStatistics statistics(const ScaledChannel& x) {
    Moments all = of_block(x, 0, std::min(block, x.count()));
    for (std::int64_t first = block; first < x.count(); first += block) {
      all = merged(all, of_block(x, first, std::min(first + block, x.count())));
    }
    return {all.mean, 0, all.squares / all.count};
  }
};

}  // namespace

normproof_kernel train_blocked_scaled_float() {
  return declare("train_blocked_scaled_float", "blocks in float, merged by the update of Chan et al., scaled",
                 NORMPROOF_BN_TRAIN, &train_scaled<Blocked>, f32_only);
}

}  // namespace normproof::zoo::honest
