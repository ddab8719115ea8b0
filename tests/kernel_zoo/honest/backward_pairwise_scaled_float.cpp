// Honest backward pass: pairwise sums in float of dy and dy (x − mean), both scaled by powers of two.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr std::int64_t leaf = 16;

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

// The exponent of the largest finite magnitude.
template <class Term>
int largest_exponent(std::int64_t count, Term term) {
  double largest = 0;
  int exponent = 0;
  for (std::int64_t n = 0; n < count; ++n) {
    const double magnitude = std::abs(term(n));
    if (std::isfinite(magnitude)) largest = std::max(largest, magnitude);
  }
  if (largest > 0) std::frexp(largest, &exponent);
  return exponent;
}

struct Steps : BackwardSteps {
  static normproof_status check(const normproof_call* call) {
    if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
    return call->x.dtype == NORMPROOF_F32 ? NORMPROOF_OK : NORMPROOF_UNSUPPORTED;
  }
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    const Channel x{call.x, c}, dy{call.dy, c};
    const auto centered = [&](std::int64_t n) { return (x[n] - of.mean) - of.mean_low; };
    const int of_x = largest_exponent(x.count(), centered);
    const int of_dy = largest_exponent(x.count(), [&](std::int64_t n) { return dy[n]; });
    const auto scaled_dy = [&](std::int64_t n) { return static_cast<float>(std::ldexp(dy[n], -of_dy)); };
    const float dbeta = pairwise(0, x.count(), scaled_dy);
    const float dgamma = pairwise(0, x.count(), [&](std::int64_t n) {
      return scaled_dy(n) * static_cast<float>(std::ldexp(centered(n), -of_x));
    });
    return {std::ldexp(static_cast<double>(dbeta), of_dy),
            std::ldexp(static_cast<double>(dgamma), of_dy + of_x) * of.inv_std};
  }
};

}  // namespace

normproof_kernel backward_pairwise_scaled_float() {
  return declare("backward_pairwise_scaled_float", "pairwise sums in float, scaled", NORMPROOF_BN_TRAIN_BACKWARD,
                 &backward<Steps>, f32_only);
}

}  // namespace normproof::zoo::honest
