// How far are mean, variance, inv_std and y of a two-pass forward kernel from their exact values?
//
// Source. T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance, The American
// Statistician 37 (1983), for the law u·m + (u·m·κ)²; the constants are derived below.
// Notation. m = count; X = root mean square of x; V = variance; s = √(V + eps); x_hat = (x − mean)/s; u = roundoff;
// h, g = heights of the trees that sum x and the squares (summation.hpp); a hat over a name marks what is computed;
// η = smallest. Roundings are counted: e^{ku} bounds k of them.
// Assumptions. Round to nearest, no overflow. Squares and their sums have at least binary64's range, so that what
// underflows there is far below every η of binary32.
//   mean      |mean^ − mean| ≤ (e^{(h+a)u} − 1) X + 4η =: E
//   variance  |V^ − V| ≤ (e^{(g+b)u} − 1) V + e^{(g+b)u} E² =: D
//   inv_std   relative: ρ = e^{cu} max( √(q/q₀), 2 − 1/√(1 + D/q) ) − 1,  q = V + eps,  q₀ = max(q − D, eps)
//   y         |y^ − y| ≤ (1 + u) |gamma| ( |x_hat| (e^{du}(1 + ρ) − 1) + (E/s) e^{du}(1 + ρ) ) + u|y|
// Counted roundings. a: the division by m. b: x − mean^ twice, the square, the division. c: eps and the sum, half of
// each; root, reciprocal. d: x − mean^, two products.
// Why.
//   mean: a sum off by (e^{hu} − 1)·mX at most, for Σ|x| ≤ mX, then a roundings of something that is at most X in size:
//   e^{au}(e^{hu} − 1)X + (e^{au} − 1)X.
//   variance: (1/m) Σ (x − mean^)² = V + (mean^ − mean)²; every term is ≥ 0, so that g + b roundings move it by
//   e^{(g+b)u} − 1 at most, and V^ ≥ 0. The corrected form takes off the square of (1/m) Σ (x − mean^), which is
//   mean − mean^ off by at most (e^{(g+b)u} − 1)√V to first order: then (E + (e^{(g+b)u} − 1)√V)² stands for E².
//   inv_std: the exact root of what was computed is between 1/√(q + D) and 1/√q₀: V^ + eps ≥ eps, whatever D is.
//   With eps = 0 and D ≥ V nothing is known: +∞.
//   y: x − mean^ is off by E, inv_std by ρ, and d roundings by e^{du}; then beta is added and the sum rounded once.
// Underflow. A product may be off by η, which later factors scale: gamma·inv_std, (x − mean)·inv_std, inv_std itself.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "theory/rounding/normalization_data.hpp"
#include "theory/rounding/summation.hpp"

namespace normproof::theory {

// a, b, c, d above. c counts half of what happens inside the root.
struct ForwardRoundings {
  double mean, variance, inv_std, normalizing;
};

// The plainest kernel: everything in one format, correctly rounded roots and quotients.
constexpr ForwardRoundings plain_forward_roundings = {1, 4, 3, 3};

// What any kernel is granted. mean, variance: a count that is rounded to the format, a reciprocal and a product for the
// quotient. inv_std: a reciprocal root by approximation and refinement, three more. normalizing: a mean in two parts,
// and gamma in a wider format that is rounded first.
constexpr ForwardRoundings granted_forward_roundings = {3, 6, 6, 5};

// What a result may lose to underflow on its last few operations, in multiples of η.
constexpr double underflows_per_result = 4;

// h and g. Fractions are welcome: see `effective_height`, with m·X and m·V as the sums of magnitudes.
struct TwoPassHeights {
  double mean = 0, variance = 0;
};

inline double two_pass_mean_error(const ChannelData& c, const Unit& unit, double height,
                                  const ForwardRoundings& roundings = plain_forward_roundings) {
  return times(compound_error(height + roundings.mean, unit.roundoff), c.root_mean_square) +
         underflows_per_result * unit.smallest;
}

inline double two_pass_variance_error(const ChannelData& c, const Unit& unit, const TwoPassHeights& heights,
                                      const ForwardRoundings& roundings = plain_forward_roundings) {
  const double rounding = compound_error(heights.variance + roundings.variance, unit.roundoff);
  const double mean_off = two_pass_mean_error(c, unit, heights.mean, roundings);
  return (times(rounding, c.variance) + (1 + rounding) * mean_off * mean_off) * rounding_allowance +
         underflows_per_result * square_smallest;
}

inline double corrected_two_pass_variance_error(const ChannelData& c, const Unit& unit, const TwoPassHeights& heights,
                                                const ForwardRoundings& roundings = plain_forward_roundings) {
  const double last_difference = 1;
  const double rounding = compound_error(heights.variance + roundings.variance + last_difference, unit.roundoff);
  const double mean_off = two_pass_mean_error(c, unit, heights.mean, roundings);
  const double taken_off = mean_off + (1 + rounding) * times(rounding, std::hypot(std::sqrt(c.variance), mean_off));
  const double larger = (1 + rounding) * taken_off;
  return (times(rounding, c.variance) + larger * larger) * rounding_allowance + underflows_per_result * square_smallest;
}

// ρ: of 1/√radicand, where what stands for the radicand is off by `error` and never below `lowest`.
inline double relative_inv_std_error(double radicand, double error, double lowest, double roundings, double u) {
  constexpr double unknown = std::numeric_limits<double>::infinity();
  const double least = std::max(radicand - error, lowest);
  if (!(radicand > 0) || !(least > 0)) return unknown;
  const double above = std::expm1(0.5 * std::log1p((radicand - std::min(least, radicand)) / least));
  const double below = -std::expm1(-0.5 * std::log1p(error / radicand));
  const double rounding = compound_error(roundings, u);
  const double moved = std::max(above, below);
  return (moved + rounding + times(moved, rounding)) * rounding_allowance;
}

inline double two_pass_inv_std_error(const ChannelData& c, const Unit& unit, const TwoPassHeights& heights,
                                     const ForwardRoundings& roundings = plain_forward_roundings) {
  return relative_inv_std_error(c.variance + c.eps, two_pass_variance_error(c, unit, heights, roundings), c.eps,
                                roundings.inv_std, unit.roundoff);
}

// E and ρ, however they came about.
struct StatisticsError {
  double mean = 0;     // absolute, of the mean as it is subtracted
  double inv_std = 0;  // relative
};

// What of the error of x_hat is the same for all elements of a channel: |x_hat^ − x_hat| ≤ relative |x_hat| + shift.
struct NormalizedError {
  double relative = 0, shift = 0;
};

inline NormalizedError normalized_error(double inv_std, const Unit& unit, const StatisticsError& off,
                                        double roundings) {
  const double rounding = compound_error(roundings, unit.roundoff);
  const double relative = off.inv_std + rounding + times(off.inv_std, rounding);
  return {relative, times(times(off.mean, inv_std), 1 + relative)};
}

// Of y = gamma (x − mean) inv_std + beta at one element, as the error of x_hat makes it.
struct NormalizedOutputError {
  double u = 0;
  double x_hat = 0, gamma = 0;  // their magnitudes
  double rounding = 0;          // u |y|
  double underflow = 0;
  double given(const NormalizedError& of_x_hat) const {
    const double x_hat_error = times(x_hat, of_x_hat.relative) + of_x_hat.shift;
    return ((1 + u) * times(gamma, x_hat_error) + rounding) * rounding_allowance + underflow;
  }
};

inline NormalizedOutputError normalized_output_error(const AffineStep& step, const Unit& unit) {
  const double gamma = std::abs(step.gamma);
  const double centred = std::abs(step.centred());
  return {unit.roundoff, std::abs(step.x_hat()), gamma, unit.roundoff * std::abs(step.y()),
          unit.smallest * (2 + gamma + centred + times(gamma, centred))};
}

inline double normalized_output_error(const AffineStep& step, const Unit& unit, const StatisticsError& off,
                                      double roundings) {
  return normalized_output_error(step, unit).given(normalized_error(step.inv_std, unit, off, roundings));
}

inline double two_pass_output_error(const ChannelData& c, const Unit& unit, const TwoPassHeights& heights, double x,
                                    double gamma, double beta,
                                    const ForwardRoundings& roundings = plain_forward_roundings) {
  const StatisticsError off = {two_pass_mean_error(c, unit, heights.mean, roundings),
                               two_pass_inv_std_error(c, unit, heights, roundings)};
  return normalized_output_error(affine_step(c, x, gamma, beta), unit, off, roundings.normalizing);
}

}  // namespace normproof::theory
