// How far are dbeta, dgamma and dx of a backward kernel from their exact values?
//
// Source. The derivation below; heights and counted roundings as in summation.hpp and two_pass_forward.hpp.
// Notation. x_hat = (x − mean)·inv_std with mean and inv_std as they were given; S = Σ dy = dbeta, T = Σ dy x_hat =
// dgamma; dx = P·Q with the prefix P = gamma·inv_std and the bracket Q = dy − S/m − x_hat T/m; u = roundoff; η =
// smallest; i = relative error of inv_std where the kernel makes it from a variance.
// Assumptions. Round to nearest, no overflow.
//   dbeta   (e^{hu} − 1) Σ|dy|                                       h: height of its tree, output's rounding included
//   dgamma  (1 + i)( (e^{(g+r+1)u} − 1) Σ|dy x_hat| + l Σ|dy| ) + i Σ|dy x_hat|      r: roundings of x_hat
//   x_hat   f = (e^{ru}(1 + i) − 1)|x_hat| + l                       l: what of the mean is lost (below)
//   Q       q = E(S)/m + (|T|/m + E(T)/m) f + |x_hat| E(T)/m + rounding, times e^{ku} for k roundings
//   dx      |P| ( e^{pu}(1 + i) q + (e^{pu}(1 + i) − 1)|Q| )         p: roundings of P·Q
// Plain rounding of Q, one rounding for each of S/m, T/m, x_hat·(T/m) and the two differences:
// u|S/m| + 2u|x_hat T/m| + u|dy − S/m| + u|Q|; what these do to each other and to the errors is in a factor e^{4u}.
// Granted rounding of Q, for any order of the terms and for dx = A dy + B x + C with B = −P·inv_std·T/m and
// C = −B·mean − P·S/m: eight roundings of each of |dy|, |S/m|, |x_hat T/m|, for each term passes at most so many (A: 2
// and a product; two sums; S/m: 2, C's sum; B's error is common to B·x and B·mean, so that it multiplies x_hat).
// l. A mean in two parts, high and low: (x − high) − low is off by 2u|x − mean| and u|low| ≤ u²|mean| once more. A
// kernel that leaves the low part out, or forms x·inv_std − mean·inv_std, or B·x + C, loses up to k·u|mean|·inv_std:
// products B·x and B·mean, C's sum and a sum: k = 4, and one for a mean that it rounds to its own format.
// Why. Each line is the product rule with (1 + error) factors; |x − mean|·inv_std is known exactly, as mean and inv_std
// are given.
#pragma once

#include <algorithm>
#include <cmath>

#include "theory/rounding/normalization_data.hpp"
#include "theory/rounding/summation.hpp"
#include "theory/rounding/two_pass_forward.hpp"

namespace normproof::theory {

struct BackwardRoundings {
  double x_hat;   // r
  double prefix;  // p
};
constexpr BackwardRoundings plain_backward_roundings = {2, 2};    // x − mean, product; gamma·inv_std, product
constexpr BackwardRoundings granted_backward_roundings = {4, 4};  // gamma, inv_std rounded first; a mean in two parts
constexpr double plain_bracket_roundings = 4;
constexpr double granted_bracket_roundings = 8;

struct BackwardHeights {
  double dbeta = 0, dgamma = 0;
};

// The terms of dx at one element.
struct InputGradientTerms {
  double prefix = 0;  // P
  double dy = 0;
  double mean_dy = 0;  // S/m
  double x_hat = 0;
  double projection = 0;  // T/m
  double bracket() const { return (dy - mean_dy) - times(x_hat, projection); }
};

inline InputGradientTerms input_gradient_terms(const GradientData& g, double x, double dy) {
  const double m = std::max(1.0, g.count);
  InputGradientTerms terms;
  terms.prefix = times(g.gamma, g.inv_std);
  terms.dy = dy;
  if (!g.through_statistics) return terms;
  terms.mean_dy = g.sum_dy / m;
  if (!g.through_variance) return terms;
  terms.x_hat = times(x - g.mean, g.inv_std);
  terms.projection = g.sum_dy_x_hat / m;
  return terms;
}

// E(S), E(T) and f.
struct BackwardErrors {
  double dbeta = 0, dgamma = 0, x_hat = 0;
};

inline double dbeta_error(const GradientData& g, const Unit& unit, double height) {
  return sum_bound_by_height(height, unit.roundoff, g.sum_abs_dy) + unit.smallest;
}

// l·inv_std for a kernel that uses both parts of the mean.
inline double two_part_mean_error(const GradientData& g, const Unit& unit) {
  return 2 * unit.roundoff * unit.roundoff * std::abs(times(g.mean, g.inv_std));
}

// f
inline double x_hat_error(const GradientData& g, const Unit& unit, const InputGradientTerms& terms, double lost_x_hat,
                          const BackwardRoundings& roundings) {
  const double rounding = compound_error(roundings.x_hat, unit.roundoff);
  const double relative = rounding + g.inv_std_error + times(rounding, g.inv_std_error);
  return times(relative, std::abs(terms.x_hat)) + times(1 + relative, lost_x_hat);
}

// What underflow may take off a sum of products: one η a term, as it is and scaled by dy.
inline double dgamma_underflow(const GradientData& g, const Unit& unit) {
  return unit.smallest * (1 + g.count + g.sum_abs_dy);
}

inline double dgamma_error(const GradientData& g, const Unit& unit, double height, double lost_x_hat,
                           const BackwardRoundings& roundings = plain_backward_roundings) {
  const double common = times(g.inv_std_error, g.sum_abs_dy_x_hat);
  const double own = sum_bound_by_height(height + roundings.x_hat + 1, unit.roundoff, g.sum_abs_dy_x_hat) +
                     times(times(lost_x_hat, g.sum_abs_dy), compound_factor(height + 1, unit.roundoff));
  return times(1 + g.inv_std_error, own) + common + dgamma_underflow(g, unit);
}

inline double bracket_error(const InputGradientTerms& terms, const BackwardErrors& off, double count) {
  const double m = std::max(1.0, count);
  return off.dbeta / m + times(off.x_hat, std::abs(terms.projection) + off.dgamma / m) +
         times(std::abs(terms.x_hat), off.dgamma / m);
}

inline double plain_bracket_rounding(const InputGradientTerms& terms, double u) {
  return u * std::abs(terms.mean_dy) + 2 * u * std::abs(times(terms.x_hat, terms.projection)) +
         u * std::abs(terms.dy - terms.mean_dy) + u * std::abs(terms.bracket());
}

inline double granted_bracket_rounding(const InputGradientTerms& terms, double u) {
  return compound_error(granted_bracket_roundings, u) *
         (std::abs(terms.dy) + std::abs(terms.mean_dy) + std::abs(times(terms.x_hat, terms.projection)));
}

// The error of dx at one element as that of its bracket makes it: q is all that differs from kernel to kernel.
struct InputGradientError {
  double factor = 0;     // |P| e^{pu}(1 + i)
  double of_prefix = 0;  // |P| (e^{pu}(1 + i) − 1)|Q|
  double underflow = 0;
  double given(double bracket_off) const {
    return (times(factor, bracket_off) + of_prefix) * rounding_allowance + underflow;
  }
};

inline InputGradientError input_gradient_error(const GradientData& g, const Unit& unit, const InputGradientTerms& terms,
                                               const BackwardRoundings& roundings) {
  const double rounding = compound_error(roundings.prefix, unit.roundoff);
  const double relative = rounding + g.inv_std_error + times(rounding, g.inv_std_error);
  const double prefix = std::abs(terms.prefix);
  const double bracket = std::abs(terms.bracket());
  const double in_bracket = g.through_statistics ? 3 + std::abs(terms.x_hat) + std::abs(terms.projection) : 0;
  const double underflow =
      unit.smallest * (1 + bracket + times(std::abs(g.gamma), bracket) + times(prefix, in_bracket));
  // In this order: `relative` times a bracket of the smallest numbers underflows, and prefix may be large.
  return {times(prefix, 1 + relative), times(times(prefix, relative), bracket), underflow};
}

// The plain two-pass kernel: x_hat is made again from x in both passes, from a mean in one part, and each sum has a
// tree of its own.
inline double two_pass_input_gradient_error(const GradientData& g, const Unit& unit, const BackwardHeights& heights,
                                            double x, double dy) {
  const InputGradientTerms terms = input_gradient_terms(g, x, dy);
  double off = 0;
  if (g.through_statistics) {
    const BackwardErrors errors = {dbeta_error(g, unit, heights.dbeta), dgamma_error(g, unit, heights.dgamma, 0),
                                   x_hat_error(g, unit, terms, 0, plain_backward_roundings)};
    off = (bracket_error(terms, errors, g.count) + plain_bracket_rounding(terms, unit.roundoff)) *
          compound_factor(plain_bracket_roundings, unit.roundoff);
  }
  return input_gradient_error(g, unit, terms, plain_backward_roundings).given(off);
}

}  // namespace normproof::theory
