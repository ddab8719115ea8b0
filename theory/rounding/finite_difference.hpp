// How far can a five-point central difference, evaluated in floating point, be from the derivative?
//
// Source. Abramowitz & Stegun, Handbook of Mathematical Functions, 25.3.6 (five-point formula); the bound is derived
// below.
// Notation. For f on [−2h, 2h], h > 0:
//   D   = ( f(−2h) − 8 f(−h) + 8 f(h) − f(2h) ) / (12h)
//   M₅  ≥ |f⁽⁵⁾| on [−2h, 2h],   δ ≥ |error of each of the four values|,   F ≥ |each of the four computed values|
//   |computed D − f′(0)| ≤ h⁴·M₅/30  +  18·δ/(12h)  +  γ₅·18·F/(12h)
//                         truncation    evaluation      rounding of the formula itself
// Assumptions. f is five times differentiable on [−2h, 2h]; δ covers the rounding of the arguments ±h, ±2h too.
// Why. D is p′(0) for the polynomial p of degree ≤ 4 through f at the nodes t_k ∈ {−2h, −h, 0, h, 2h} (the weight of
// f(0) is 0). At the node 0, f′(0) − p′(0) = f⁽⁵⁾(ξ)/5! · Π_{t_k ≠ 0} (0 − t_k). For let
// φ(t) = f(t) − p(t) − c·Π_k (t − t_k), with c such that φ′(0) = 0. It vanishes at five nodes, so φ′ has a zero between
// each two neighbours and one more at 0, which makes five; so φ⁽⁵⁾ = f⁽⁵⁾ − 5!·c has a zero ξ. The product is
// (2h)(h)(−h)(−2h) = 4h⁴, and 4h⁴/120 = h⁴/30. Values off by at most δ move D by (1 + 8 + 8 + 1)δ/(12h). The
// multiplications by 8 are exact; a value passes at most 3 additions, 12h is rounded once and so is the quotient: at
// most 5 factors (1 + δ_i)^{±1} per value, hence γ₅ (unit_roundoff.hpp).
// The step. h⁴·M₅/30 + 3δ/(2h) is least where 4h³M₅/30 = 3δ/(2h²), that is h⁵ = 45δ/(4M₅).
#pragma once

#include <cmath>
#include <limits>

#include "theory/rounding/unit_roundoff.hpp"

namespace normproof::theory {

// Each bound below takes fewer than 16 roundings of positive operands, so it is computed as at least (1 − 16u) times
// its value, and (1 − 16u)(1 + 32u)(1 − u) ≥ 1 makes the result an upper bound again. (No underflow is assumed here.)
constexpr double bound_evaluation_allowance = 1 + 32 * unit_roundoff_double;

constexpr double five_point_weight_sum = 1 + 8 + 8 + 1;
constexpr int five_point_roundings = 5;

inline double five_point_truncation_bound(double h, double fifth_derivative_bound) {
  return h * h * h * h * fifth_derivative_bound / 30 * bound_evaluation_allowance;
}

inline double five_point_evaluation_bound(double h, double value_error_bound) {
  return five_point_weight_sum * value_error_bound / (12 * h) * bound_evaluation_allowance;
}

inline double five_point_rounding_bound(double h, double value_bound, double u) {
  return gamma_n(five_point_roundings, u) * five_point_weight_sum * value_bound / (12 * h) * bound_evaluation_allowance;
}

// The step that makes truncation + evaluation least, rounded down to a power of two so that ±h and ±2h are exact. It
// needs both bounds positive and finite; NaN where they are not.
inline double five_point_step(double fifth_derivative_bound, double value_error_bound) {
  const bool usable = fifth_derivative_bound > 0 && value_error_bound > 0 && std::isfinite(fifth_derivative_bound) &&
                      std::isfinite(value_error_bound);
  if (!usable) return std::numeric_limits<double>::quiet_NaN();
  const double best = std::pow(45 * (value_error_bound / (4 * fifth_derivative_bound)), 0.2);
  return std::exp2(std::floor(std::log2(best)));
}

}  // namespace normproof::theory
