// How far is a computed sum from the exact one: by its tree's height, in any order, by its partial sums, with
// probability?
//
// Source. N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), §3.1, §3.3, §4.2; C.-P.
// Jeannerod & S. M. Rump, Improved error bounds for inner products in floating-point arithmetic, SIAM J. Matrix Anal.
// Appl. 34 (2013), and On relative errors of floating-point operations: optimal bounds and applications, Math. Comp. 87
// (2018); N. J. Higham & T. Mary, A new approach to probabilistic rounding error analysis, SIAM J. Sci. Comput. 41
// (2019).
// Notation. x_i = the n terms; u = unit roundoff; ŝ = the computed sum; h = the height of its tree, in additions.
// Assumptions. Round to nearest, no overflow. Sums never underflow: what is below the smallest normal number is exact.
// (1) for products and quotients assumes that they do not underflow either.
//   (1)  |Π (1 + δ_j)^{±1} − 1| ≤ e^{ku} − 1                       k roundings
//   (2)  |ŝ − Σx| ≤ (e^{hu} − 1) Σ|x|                              any tree of height h
//   (3)  |ŝ − Σx| ≤ (n − 1) u Σ|x|                                 any order, n·u without restriction
//   (4)  |ŝ − Σx| ≤ Σ ½ulp(p) ≤ u Σ |p|                            any order, p the computed partial sums
//   (5)  |ŝ − Σx| ≤ (exp(λ√h u + h u²/(1 − u)) − 1) Σ|x|           except with probability 2n·exp(−λ²(1 − u)²/2)
// Why.
//   (1) Let 2^e ≤ |t| < 2^(e+1) and d the distance of t to the nearest float: d ≤ u·2^e, and t is no nearer to the
//   float 2^e, so |t| ≥ 2^e + d and d ≤ u/(1 + u)·|t|; also d ≤ u·|the float|. So (1 + δ)^{±1} lies in [1/(1 + u), 1 +
//   u], and that in [e^{−u}, e^u]. Higham's γ_k is a little larger and ends at ku = 1.
//   (2) Each x_i reaches ŝ with at most h such factors.
//   (3) By induction over the tree. Let ŝ = fl(a + b), a and b computed from n₁ and n₂ terms of magnitudes S₁ ≥ S₂ in
//   all, Δ₁ ≤ (n₁ − 1)uS₁ and Δ₂ ≤ (n₂ − 1)uS₂ their errors. a is a float, so the last addition is off by at most |b|.
//   If S₂ ≤ uS₁: it is off by at most S₂ + Δ₂ ≤ uS₁ + Δ₂, and with 2(n₂ − 1)S₂ ≤ (n₂ − 1)(S₁ + S₂) the whole is at most
//   n₁uS₁ + 2(n₂ − 1)uS₂ ≤ (n − 1)u(S₁ + S₂). If not, uS₁ < S₂ and uS₂ < S₁; it is off by at most
//   u(S₁ + S₂ + Δ₁ + Δ₂), where uΔ₁ ≤ u(n₁ − 1)S₂ and uΔ₂ ≤ u(n₂ − 1)S₁, and the whole is at most (n − 1)u(S₁ + S₂).
//   (4) Each addition is off by at most half the distance of its result's neighbours.
//   (5) In the model that the δ_j on a term's way are independent and of mean 0: log(1 + δ) lies in an interval of
//   length 2u/(1 − u) at most and has a mean of at most u²/(1 − u) in size; Hoeffding's inequality bounds the sum of h
//   of them, failing with 2·exp(−λ²(1 − u)²/2); then the n terms' failures are added up. Rounding errors need not be
//   like that: on a constant channel they are all alike.
// A sum that was looked at. Whatever bounds a sum's error, (3), (4) or the terms weighed by their depth, can be written
// as the height that (2) would need for it (`effective_height`), and the bounds of the algorithms take such heights.
#pragma once

#include <cmath>
#include <cstdint>

#include "theory/rounding/unit_roundoff.hpp"

namespace normproof::theory {

// Bounds are evaluated in double, in well under 64 roundings of positive operands each (exp, expm1 and the like count
// as two): times this they are upper bounds again.
constexpr double rounding_allowance = 1 + 128 * unit_roundoff_double;

// At least e^t − 1 = t + t²/2 + t³/6 (1 + t/4 + t²/20 + …), where the last bracket is below 1/(1 − t/4) ≤ 3/2 for
// t ≤ 1: a bound for every t of these, with a relative excess below t²/12. From where that matters expm1 takes over.
constexpr double few_terms_are_enough = 0x1p-10;
inline double exponential_error(double t) {
  if (!(t >= 0 && t <= few_terms_are_enough)) return std::expm1(t);
  return t * (1 + t / 2 * (1 + t / 2));
}

// (1) and (2): e^{ku} − 1 and e^{ku}. k need not be whole.
inline double compound_error(double roundings, double u) {
  return exponential_error(roundings * u) * rounding_allowance;
}
inline double compound_factor(double roundings, double u) {
  return (1 + exponential_error(roundings * u)) * rounding_allowance;
}

// A factor that is exactly 0 leaves no error, however large the other is: 0·∞ is 0 here.
inline double times(double a, double b) { return a == 0 || b == 0 ? 0.0 : a * b; }

inline double sum_bound_by_height(double height, double u, double sum_of_magnitudes) {
  return times(compound_error(height, u), sum_of_magnitudes);
}

inline double sum_bound_in_any_order(std::int64_t count, double u, double sum_of_magnitudes) {
  return count < 2 ? 0.0 : static_cast<double>(count - 1) * u * sum_of_magnitudes * rounding_allowance;
}

inline double sum_bound_by_partial_sums(double u, double sum_of_magnitudes_of_partial_sums) {
  return u * sum_of_magnitudes_of_partial_sums * rounding_allowance;
}

// ½ulp(p), to be summed over the partial sums: (4).
inline double half_ulp(double partial_sum, double u) {
  return partial_sum == 0 ? 0.0 : std::ldexp(u, std::ilogb(partial_sum));
}

// The height at which (2) is `sum_error`.
inline double effective_height(double sum_error, double u, double sum_of_magnitudes) {
  if (sum_error == 0) return 0;
  return std::log1p(sum_error / sum_of_magnitudes) / u * rounding_allowance;
}

// (5)
inline double sum_bound_with_probability(double height, double u, double lambda, double sum_of_magnitudes) {
  const double exponent = lambda * std::sqrt(height) * u + height * u * u / (1 - u);
  return times(std::expm1(exponent) * rounding_allowance, sum_of_magnitudes);
}
inline double sum_bound_failure_probability(std::int64_t count, double u, double lambda) {
  const double scaled = lambda * (1 - u);
  return 2 * static_cast<double>(count) * std::exp(-scaled * scaled / 2);
}

}  // namespace normproof::theory
