// Honest training: two passes in float, sums added in a tree.
#include "tests/kernel_zoo/scaled_float.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr std::int64_t leaf = 8;

template <class Term>
float pairwise(std::int64_t first, std::int64_t last, Term term) {
  if (last - first <= leaf) {
    float sum = 0;
    for (std::int64_t n = first; n < last; ++n) sum += term(n);
    return sum;
  }
  const std::int64_t middle = first + (last - first) / 2;
  return pairwise(first, middle, term) + pairwise(middle, last, term);
}

struct Pairwise {
  static ScaledStatistics statistics(const ScaledChannel& x) {
    const std::int64_t count = x.count();
    const float m = static_cast<float>(count);
    const float mean = pairwise(0, count, [&](std::int64_t n) { return x[n]; }) / m;
    const float squares = pairwise(0, count, [&](std::int64_t n) { return (x[n] - mean) * (x[n] - mean); });
    return {mean, 0, squares / m};
  }
};

}  // namespace

normproof_kernel train_pairwise_scaled_float() {
  return declare("train_pairwise_scaled_float", "two passes in float, pairwise sums, scaled", NORMPROOF_BN_TRAIN,
                 &train_scaled<Pairwise>, f32_only);
}

}  // namespace normproof::zoo::honest
