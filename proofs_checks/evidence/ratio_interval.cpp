// How are the Bayes factor and Fieller's quadratic inverted?
#include "proofs_checks/evidence/ratio_interval.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace normproof::evidence {

PairMoments pair_moments(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  PairMoments of{.n = x.size()};
  const double count = static_cast<double>(of.n);
  for (std::size_t i = 0; i < of.n; ++i) of.mean_x += x[i], of.mean_y += y[i];
  of.mean_x /= count;
  of.mean_y /= count;
  if (of.n < 2) return of;
  for (std::size_t i = 0; i < of.n; ++i) {
    const double of_x = x[i] - of.mean_x, of_y = y[i] - of.mean_y;
    of.var_x += of_x * of_x;
    of.var_y += of_y * of_y;
    of.cov += of_x * of_y;
  }
  of.var_x /= count - 1;
  of.var_y /= count - 1;
  of.cov /= count - 1;
  return of;
}

double critical_t_squared(std::size_t n, double alpha) {
  assert(alpha > 0 && alpha < 1);
  constexpr double none = std::numeric_limits<double>::infinity();
  if (n < 2) return none;
  const double count = static_cast<double>(n), r = 1 + count * effect_variance;
  const double log_b = (std::log(r) - 2 * std::log(alpha)) / count;
  if (log_b >= std::log(r)) return none;
  return (count - 1) * std::expm1(log_b) / (1 - std::exp(log_b) / r);
}

RatioInterval ratio_interval(const PairMoments& moments, double alpha) {
  RatioInterval interval;
  const double t_squared = critical_t_squared(moments.n, alpha);
  const bool usable = std::isfinite(t_squared) && moments.mean_x > 0 && moments.mean_y > 0 &&
                      moments.var_x + moments.var_y > 0 && std::isfinite(moments.var_x + moments.var_y + moments.cov) &&
                      std::isfinite(moments.mean_x + moments.mean_y);
  if (!usable) return interval;
  // For x = X/m_X and y = Y/m_Y, so that nothing overflows and the ratio is near 1.
  const double x = moments.var_x / moments.mean_x / moments.mean_x, y = moments.var_y / moments.mean_y / moments.mean_y;
  const double c = moments.cov / moments.mean_x / moments.mean_y, ratio = moments.mean_x / moments.mean_y;
  const double capital_t = t_squared / static_cast<double>(moments.n);
  const double first = 1 - capital_t * y, middle = 1 - capital_t * c, last = 1 - capital_t * x;
  // middle² − first·last, without the difference of two numbers near 1; both brackets are ≥ 0 but for rounding.
  const double discriminant =
      capital_t * std::max(0.0, x - 2 * c + y) - capital_t * capital_t * std::max(0.0, x * y - c * c);
  if (!std::isfinite(x * y) || !std::isfinite(discriminant)) return interval;
  const double root = std::sqrt(std::max(0.0, discriminant));
  // Of two ways to write a root, the one that adds numbers of one sign.
  if (last > 0) interval.low = ratio * (middle >= 0 ? last / (middle + root) : (middle - root) / first);
  if (first > 0) interval.high = ratio * (middle >= 0 ? (middle + root) / first : last / (middle - root));
  return interval;
}

}  // namespace normproof::evidence
