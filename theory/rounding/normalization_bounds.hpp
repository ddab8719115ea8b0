// How far may each output of a normalization kernel be from its exact value, for each class of accuracy?
//
// Source. T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance, The American
// Statistician 37 (1983), for the classes; N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.
// (2002). The bounds are those of the algorithms in two_pass_forward.hpp, welford_and_chan.hpp, one_pass_variance.hpp
// and backward.hpp.
// Notation. u = roundoff; η = smallest; m = count; X = root mean square of x; V = variance; s = √(V + eps); κ = X/s;
// h = 64 + 8√m, the height granted to any tree (tree_height.hpp), whose 64 also pays for small fixed numbers of
// operations; x_hat = (x − mean)/s; k(u) stands for a few u with k counted in the headers named.
//                       error of the mean   of the variance                 of y, less u|y| and u|beta|
//   correctly_rounded   u|mean|             uV                              0, and no u|beta|
//   compensated         (hu)²X              4uV + (hu)²X²                   |gamma| (k(u)|x_hat| + (hu)²κ)
//   two_pass            huX                 huV + (huX)²                    |gamma| (|x_hat| (ρ + k(u)) + huκ)
//   updating            huX                 huV + 8/5·huX√V + (4/5·huX)²    the same, and k(u)|gamma mean|/s to fold
//   updating_chain      the larger of `updating` and Welford's with m in the place of h
//   one_pass            huX                 3huX²                           as `updating`, with that ρ
// ρ is the relative error of inv_std that the variance's makes. Every bound is absolute, has the exponentials in the
// place of first-order terms, so that hu need not be small, and never decreases from class to class (a running
// maximum).
// What each class must grant.
//   compensated: sums in double or in two parts; errors of second order may still grow with the condition. A mean that
//   is itself rounded to one number, u|mean|, is no longer good enough to be subtracted, so a low part (or double) is.
//   two_pass: also the corrected form.
//   updating: every algorithm that squares deviations about means that are off by hu·X (4/5 of it in root mean square:
//   updating_variance_error). Chan's merges of L = ⌈log₂ m⌉ ranks of single values, of rows of up to 64 values summed
//   plainly, and of √m blocks in a row stay below it: the tests evaluate welford_and_chan.hpp for them. So do data that
//   are shifted by a value within k·√V of the mean and summed by trees of height h′, where (1 + k²)(h′ + 4) ≤ 5h/6 (one
//   pass about the shift is off by 3(h′ + 4)u(1 + k²)V or less, and X ≥ √V). A shift by an outlier does not.
//   Folding: y = x·scale + (beta − mean·scale) rounds two products, beta − mean·scale and the sum. As scale's own error
//   is common to both products, it acts on x − mean; the roundings are u|x| + 2u|mean| + u|beta| + u|y| or less, with
//   |x| ≤ |x − mean| + |mean|; two more u|mean| for a mean given in a wider format, and in two parts.
//   V^ ≥ 0 in all of these; a shifted kernel clamps. Hence V^ + eps ≥ eps, and inv_std stays finite for eps > 0.
//   one_pass: nothing keeps V^ + eps above 0: +∞ where its error reaches V + eps.
// Exact statistics. Sums, and squares about the mean or a value of the channel, are exact in any order, so the errors
// of mean and variance are 0 up to two_pass: what is left is inv_std and the last step. The square of a mean, as it is
// or less a shift, may have twice the digits: `updating` and one_pass keep their laws for the variance, and
// updating_chain those for both (Chan's merges of parts whose size is no power of two round all the same), for channels
// that are not constant. On a constant channel every δ is 0, a mean's square is that of a value, and y must be beta: a
// residue of x·scale + (beta − mean·scale) has no excuse there in any class.
// Constant channels that are not exact. x_hat is 0, but a mean may be off, and folding may round; the chain has the
// tree's law, for Welford's updates are exact there and one long chain of sums is not.
// Running statistics. (1 − momentum)·before + momentum·batch or before + momentum·(batch − before), momentum and
// `before` rounded to the kernel's format: at most five roundings of each. At momentum 1 the first form is exact and
// the second is not: fl(before + fl(batch − before)) is off by up to u|batch − before|. So momentum 1 has no zero bound
// even on exact statistics: five u of |before| + |batch|. At momentum 0 both leave `before` alone but for its rounding.
// Backward. The same classes by what they do with the mean: two_pass takes x − mean, in two parts where there is a low
// part; updating loses k(u)·|mean|·inv_std (backward.hpp), and forms Σ dy x − mean Σ dy, each off by hu of Σ|dy x| and
// |mean| Σ|dy|, where Σ|dy x| inv_std ≤ Σ|dy x_hat| + |mean| inv_std Σ|dy|; updating_chain is no looser here, for a
// plain sum is no update; one_pass loses with the square of |mean|·inv_std.
// Full normalization. square − mean² in the precision of the state is off by 4u_state(square + mean²): mean in two
// parts is rounded once, squared, the square rounded and the difference. In one_pass u is the output's.
// Underflow. η for each of the last operations, scaled by what multiplies it; squares have binary64's range.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "theory/rounding/backward.hpp"
#include "theory/rounding/normalization_data.hpp"
#include "theory/rounding/one_pass_variance.hpp"
#include "theory/rounding/stability_class.hpp"
#include "theory/rounding/summation.hpp"
#include "theory/rounding/tree_height.hpp"
#include "theory/rounding/two_pass_forward.hpp"
#include "theory/rounding/welford_and_chan.hpp"

namespace normproof::theory {

// The class `updating` grants this share of h·u·X to the deviations that are squared, in root mean square.
constexpr double updating_deviation_share = 0.8;

namespace bounds_detail {

constexpr ForwardRoundings granted = granted_forward_roundings;
constexpr double compensated_roundings = 4;
constexpr double compensated_sum_roundings = 2;
constexpr double fold_roundings = 5;
constexpr double running_roundings = 5;
constexpr double unbiased_roundings = 4;  // m − 1, the quotient and the product, each rounded

// The bound of each class; NaN is +∞, and no class is tighter than the one before.
template <class F>
BoundPerClass for_each_class(const F& bound) {
  BoundPerClass bounds{};
  double largest = 0;
  for (std::size_t i = 0; i < stability_class_count; ++i) {
    const double value = bound(static_cast<StabilityClass>(i));
    largest = std::isnan(value) ? std::numeric_limits<double>::infinity() : std::max(largest, value);
    bounds[i] = largest;
  }
  return bounds;
}

inline double of(const BoundPerClass& bounds, StabilityClass k) { return bounds[static_cast<std::size_t>(k)]; }
inline double square(double a) { return a * a; }
inline double rounded(double exact, const Unit& unit) { return unit.roundoff * std::abs(exact) + unit.smallest; }

inline bool may_fold(StabilityClass k) { return k >= StabilityClass::updating; }
inline bool is_chain(StabilityClass k, const ChannelData& c) {
  return k == StabilityClass::updating_chain && !c.constant;
}
inline bool has_exact_mean(StabilityClass k, const ChannelData& c) { return c.exact_statistics && !is_chain(k, c); }
// A mean that was shifted or is squared may need more digits than the sums: not in `updating` and one_pass.
inline bool has_exact_variance(StabilityClass k, const ChannelData& c) {
  return c.exact_statistics && (k <= StabilityClass::two_pass || c.constant);
}

// (hu)²
inline double second_order(double count, const Unit& unit) {
  return square(compound_error(granted_height(count), unit.roundoff));
}

// Of the mean as it is subtracted from x.
inline double mean_error(StabilityClass k, const ChannelData& c, const Unit& unit) {
  if (has_exact_mean(k, c)) return 0;
  if (k == StabilityClass::correctly_rounded) return rounded(c.mean, unit);
  if (k == StabilityClass::compensated) {
    return times(second_order(c.count, unit), c.root_mean_square) + unit.smallest;
  }
  const double tree = two_pass_mean_error(c, unit, granted_height(c.count), granted);
  return is_chain(k, c) ? std::max(tree, welford_error(c, unit, c.count).mean) : tree;
}

// Of the variance, in `updating` and updating_chain.
inline double updating_error(StabilityClass k, const ChannelData& c, const Unit& unit) {
  const double height = granted_height(c.count);
  const double mean_off = two_pass_mean_error(c, unit, height, granted) + height * square_smallest;
  const double tree = updating_deviation_share * mean_off;
  if (!is_chain(k, c)) return updating_variance_error(c.variance, tree, height + granted.variance, unit);
  const double deviation = std::max(tree, welford_error(c, unit, c.count).deviation);
  return updating_variance_error(c.variance, deviation, std::max(height, c.count) + granted.variance, unit);
}

inline double variance_error(StabilityClass k, const ChannelData& c, const Unit& unit) {
  if (has_exact_variance(k, c)) return 0;
  const double height = granted_height(c.count);
  switch (k) {
    case StabilityClass::correctly_rounded: return rounded(c.variance, unit);
    case StabilityClass::compensated:
      return compound_error(compensated_roundings, unit.roundoff) * c.variance +
             times(second_order(c.count, unit), mean_square(c)) + underflows_per_result * square_smallest;
    case StabilityClass::two_pass: return corrected_two_pass_variance_error(c, unit, {height, height}, granted);
    case StabilityClass::one_pass:
      return one_pass_variance_error(c, unit, height, granted, granted_mean_square_roundings);
    default: return updating_error(k, c, unit);
  }
}

inline double inv_std_error(StabilityClass k, const ChannelData& c, const Unit& unit) {
  if (k == StabilityClass::correctly_rounded) return unit.roundoff;
  const bool may_be_negative = k == StabilityClass::one_pass && !has_exact_variance(k, c);
  return relative_inv_std_error(c.variance + c.eps, variance_error(k, c, unit), may_be_negative ? 0 : c.eps,
                                granted.inv_std, unit.roundoff);
}

// What of the error of y is the same for all elements of a channel.
struct OutputError {
  NormalizedError of_x_hat;
  bool mean_is_exact = true;
};

// Given the errors of its statistics; `mean_size` is |mean| where folding may round products with it.
inline OutputError output_error(StabilityClass k, const Unit& unit, double inv_std, StatisticsError off,
                                double mean_size) {
  if (may_fold(k)) off.mean += fold_roundings * unit.roundoff * mean_size;
  return {normalized_error(inv_std, unit, off, granted.normalizing), off.mean == 0};
}

inline double running_error(StabilityClass k, const Unit& unit, double momentum, double before, double batch,
                            double batch_error) {
  const double kept = 1 - momentum;
  if (k == StabilityClass::correctly_rounded) return rounded(times(kept, before) + times(momentum, batch), unit);
  const double weight = std::abs(momentum);
  const double rounding = compound_error(running_roundings, unit.roundoff);
  return times(weight, (1 + rounding) * batch_error) +
         rounding * ((std::abs(kept) + weight) * std::abs(before) + std::abs(times(momentum, batch))) +
         underflows_per_result * unit.smallest;
}

}  // namespace bounds_detail

// Training, forward.

// |mean kernel − mean|, its low part included where it has one.
inline BoundPerClass mean_bound(const ChannelData& c, const Unit& unit) {
  using namespace bounds_detail;
  return for_each_class([&](StabilityClass k) {
    const double error = mean_error(k, c, unit);
    const bool rounds_last = k == StabilityClass::compensated && !c.exact_statistics;
    return rounds_last ? error + compensated_sum_roundings * rounded(c.mean, unit) : error;
  });
}

// Of the biased variance.
inline BoundPerClass variance_bound(const ChannelData& c, const Unit& unit) {
  return bounds_detail::for_each_class([&](StabilityClass k) { return bounds_detail::variance_error(k, c, unit); });
}

inline BoundPerClass inv_std_bound(const ChannelData& c, const Unit& unit) {
  return bounds_detail::for_each_class(
      [&](StabilityClass k) { return times(bounds_detail::inv_std_error(k, c, unit), inv_std(c)) + unit.smallest; });
}

// y, with what does not depend on the element worked out once for a channel.
class OutputBound {
 public:
  // Of training: mean and inv_std are the kernel's own.
  OutputBound(const ChannelData& c, const Unit& unit)
      : unit_(unit), mean_(c.mean), inv_std_(theory::inv_std(c)), constant_(c.constant) {
    for (std::size_t i = 0; i < stability_class_count; ++i) {
      const auto k = static_cast<StabilityClass>(i);
      const StatisticsError off = {bounds_detail::mean_error(k, c, unit), bounds_detail::inv_std_error(k, c, unit)};
      const double folded_mean = c.exact_statistics && c.constant ? 0 : std::abs(c.mean);
      off_[i] = bounds_detail::output_error(k, unit, inv_std_, off, folded_mean);
    }
  }
  // Of statistics that are given, with what a kernel of each class makes of them.
  OutputBound(const Unit& unit, double mean, double inv_std,
              const std::array<StatisticsError, stability_class_count>& off)
      : unit_(unit), mean_(mean), inv_std_(inv_std) {
    for (std::size_t i = 0; i < stability_class_count; ++i)
      off_[i] = bounds_detail::output_error(static_cast<StabilityClass>(i), unit, inv_std, off[i], std::abs(mean));
  }
  BoundPerClass at(double x, double gamma, double beta) const {
    const AffineStep step = {x, constant_ ? x : mean_, inv_std_, gamma, beta};
    const NormalizedOutputError error = normalized_output_error(step, unit_);
    const double of_beta = unit_.roundoff * std::abs(beta);
    const double of_product = unit_.roundoff * std::abs(times(gamma, step.x_hat()));
    return bounds_detail::for_each_class([&](StabilityClass k) {
      if (k == StabilityClass::correctly_rounded) return bounds_detail::rounded(step.y(), unit_);
      const bounds_detail::OutputError& off = off_[static_cast<std::size_t>(k)];
      const bool only_beta = off.mean_is_exact && step.centred() == 0;  // what is added to it is 0 without an error
      const double once = only_beta ? 0 : of_beta;
      const double beside = bounds_detail::may_fold(k) ? once + (once + of_product) : once;
      return error.given(off.of_x_hat) + beside * rounding_allowance;
    });
  }

 private:
  Unit unit_;
  double mean_ = 0, inv_std_ = 1;
  bool constant_ = false;  // every x is the mean
  std::array<bounds_detail::OutputError, stability_class_count> off_{};
};

inline BoundPerClass output_bound(const ChannelData& c, const Unit& unit, double x, double gamma, double beta) {
  return OutputBound(c, unit).at(x, gamma, beta);
}

inline BoundPerClass running_mean_bound(const ChannelData& c, const Unit& unit, double momentum, double before) {
  const BoundPerClass mean = mean_bound(c, unit);
  return bounds_detail::for_each_class([&](StabilityClass k) {
    return bounds_detail::running_error(k, unit, momentum, before, c.mean, bounds_detail::of(mean, k));
  });
}

inline BoundPerClass running_variance_bound(const ChannelData& c, const Unit& unit, double momentum, double before,
                                            bool unbiased) {
  if (unbiased && !(c.count > 1)) return BoundPerClass{};  // it stays as it was
  const double factor = unbiased ? c.count / (c.count - 1) : 1;
  const double rounding = unbiased ? compound_error(bounds_detail::unbiased_roundings, unit.roundoff) : 0;
  const BoundPerClass variance = variance_bound(c, unit);
  return bounds_detail::for_each_class([&](StabilityClass k) {
    const double error = factor * ((1 + rounding) * bounds_detail::of(variance, k) + rounding * c.variance);
    return bounds_detail::running_error(k, unit, momentum, before, factor * c.variance, error);
  });
}

// Backward.

namespace bounds_detail {

// What of x_hat an element loses to a mean that is left in one part or folded.
inline double lost_x_hat(StabilityClass k, const GradientData& g, const Unit& unit) {
  const double two_parts = two_part_mean_error(g, unit);
  if (!may_fold(k)) return two_parts;
  const double condition = std::abs(times(g.mean, g.inv_std));
  const double lost = fold_roundings * unit.roundoff * condition;
  return two_parts + (k == StabilityClass::one_pass ? times(lost, 1 + condition) : lost);
}

// The same of a sum: Σ dy x − mean Σ dy loses a tree's error on each of the two.
inline double lost_x_hat_in_sum(StabilityClass k, const GradientData& g, const Unit& unit, double height) {
  if (!may_fold(k)) return two_part_mean_error(g, unit);
  const double roundings = height + granted_backward_roundings.x_hat + 1;
  const double condition = std::abs(times(g.mean, g.inv_std));
  const double lost = times(2 * condition, compound_error(roundings, unit.roundoff));
  return k == StabilityClass::one_pass ? times(lost, 1 + condition) : lost;
}

inline double compensated_sum_error(double sum, double sum_of_magnitudes, double roundings, double count,
                                    const Unit& unit) {
  return compound_error(roundings, unit.roundoff) * std::abs(sum) +
         times(second_order(count, unit), sum_of_magnitudes) + unit.smallest;
}

inline double dbeta_error(StabilityClass k, const GradientData& g, const Unit& unit) {
  if (k == StabilityClass::correctly_rounded) return rounded(g.sum_dy, unit);
  if (k == StabilityClass::compensated) {
    return compensated_sum_error(g.sum_dy, g.sum_abs_dy, compensated_sum_roundings, g.count, unit);
  }
  return theory::dbeta_error(g, unit, granted_height(g.count) + 1);
}

inline double dgamma_error(StabilityClass k, const GradientData& g, const Unit& unit) {
  if (k == StabilityClass::correctly_rounded) return rounded(g.sum_dy_x_hat, unit);
  const double height = granted_height(g.count) + 1;
  const double lost = lost_x_hat_in_sum(k, g, unit, height);
  if (k != StabilityClass::compensated) {
    return theory::dgamma_error(g, unit, height, lost, granted_backward_roundings);
  }
  const double sum = compensated_sum_error(g.sum_dy_x_hat, g.sum_abs_dy_x_hat, compensated_roundings, g.count, unit);
  return times(1 + g.inv_std_error, sum + times(lost, g.sum_abs_dy)) + times(g.inv_std_error, g.sum_abs_dy_x_hat) +
         dgamma_underflow(g, unit);
}

// E(S), E(T) and what of x_hat is lost, as far as dx depends on them.
inline BackwardErrors errors_in_dx(StabilityClass k, const GradientData& g, const Unit& unit) {
  if (!g.through_statistics) return {};
  if (!g.through_variance) return {dbeta_error(k, g, unit), 0, 0};
  return {dbeta_error(k, g, unit), dgamma_error(k, g, unit), lost_x_hat(k, g, unit)};
}

// bracket_error of backward.hpp, which is linear in |x_hat|: at 0, and what it grows by.
struct BracketError {
  double at_zero = 0, slope = 0;
};

inline BracketError bracket_error(const GradientData& g, const Unit& unit, const BackwardErrors& off) {
  const auto at = [&](double x_hat, BackwardErrors errors) {
    InputGradientTerms terms;
    terms.x_hat = x_hat;
    terms.projection = g.through_variance ? g.sum_dy_x_hat / std::max(1.0, g.count) : 0;
    errors.x_hat = x_hat_error(g, unit, terms, errors.x_hat, granted_backward_roundings);
    return theory::bracket_error(terms, errors, g.count);
  };
  // The slope by itself, for a difference would cancel: what does not grow is left out.
  return {at(0, off), at(1, {0, off.dgamma, 0})};
}

}  // namespace bounds_detail

inline BoundPerClass dbeta_bound(const GradientData& g, const Unit& unit) {
  return bounds_detail::for_each_class([&](StabilityClass k) { return bounds_detail::dbeta_error(k, g, unit); });
}

inline BoundPerClass dgamma_bound(const GradientData& g, const Unit& unit) {
  return bounds_detail::for_each_class([&](StabilityClass k) { return bounds_detail::dgamma_error(k, g, unit); });
}

// dx, with what does not depend on the element worked out once for a channel.
class InputGradientBound {
 public:
  InputGradientBound(const GradientData& g, const Unit& unit) : given_(g), unit_(unit) {
    for (std::size_t i = 0; i < stability_class_count; ++i) {
      const auto k = static_cast<StabilityClass>(i);
      off_[i] = bounds_detail::bracket_error(g, unit, bounds_detail::errors_in_dx(k, g, unit));
    }
  }
  BoundPerClass at(double x, double dy) const {
    const InputGradientTerms terms = input_gradient_terms(given_, x, dy);
    const InputGradientError error = input_gradient_error(given_, unit_, terms, granted_backward_roundings);
    const double rounding = granted_bracket_rounding(terms, unit_.roundoff);
    const double roundings_of_it = compound_factor(granted_bracket_roundings, unit_.roundoff);
    return bounds_detail::for_each_class([&](StabilityClass k) {
      if (k == StabilityClass::correctly_rounded)
        return bounds_detail::rounded(times(terms.prefix, terms.bracket()), unit_);
      if (!given_.through_statistics) return error.given(0);
      const bounds_detail::BracketError& off = off_[static_cast<std::size_t>(k)];
      const double by_errors = off.at_zero + times(off.slope, std::abs(terms.x_hat));
      return error.given((by_errors + rounding) * roundings_of_it);
    });
  }

 private:
  GradientData given_;
  Unit unit_;
  std::array<bounds_detail::BracketError, stability_class_count> off_;
};

inline BoundPerClass input_gradient_bound(const GradientData& g, const Unit& unit, double x, double dy) {
  return InputGradientBound(g, unit).at(x, dy);
}

// The relative error of 1/√(variance + eps) where the variance is given: what GradientData::inv_std_error then is.
inline double given_inv_std_error(const Unit& unit) {
  return compound_error(bounds_detail::granted.inv_std, unit.roundoff);
}

// Inference with given statistics: y = gamma (x − mean)/√(variance + eps) + beta.
inline OutputBound inference_bound(const Unit& unit, double mean, double variance, double eps) {
  std::array<StatisticsError, stability_class_count> off{};
  off.fill({0, given_inv_std_error(unit)});
  return {unit, mean, 1 / std::sqrt(variance + eps), off};
}

// Full normalization: the state after the update, and y given the state as stored (mean = fn_mean + fn_mean_low).

inline BoundPerClass full_norm_mean_bound(const ChannelData& c, const Unit& unit, double momentum, double before) {
  return running_mean_bound(c, unit, momentum, before);
}

inline BoundPerClass full_norm_square_bound(const ChannelData& c, const Unit& unit, double momentum, double before) {
  using namespace bounds_detail;
  return for_each_class([&](StabilityClass k) {
    const double height = is_chain(k, c) ? std::max(c.count, granted_height(c.count)) : granted_height(c.count);
    const bool few_roundings = k == StabilityClass::compensated || has_exact_mean(k, c);
    const double error = few_roundings
                             ? compound_error(compensated_roundings, unit.roundoff) * mean_square(c) + unit.smallest
                             : mean_square_error(c, unit, height, granted_mean_square_roundings);
    return running_error(k, unit, momentum, before, mean_square(c), error);
  });
}

constexpr double state_variance_roundings = 4;

inline double full_norm_variance(double mean, double square) { return std::fma(-mean, mean, square); }

// Of square − mean² where it is computed in the precision of the state.
inline double full_norm_variance_error(double mean, double square, const Unit& of_state) {
  return compound_error(state_variance_roundings, of_state.roundoff) * (std::abs(square) + mean * mean) +
         underflows_per_result * of_state.smallest;
}

// Whether every kernel that computes in the precision of the state is on the same side of the clamp.
inline bool full_norm_clamp_is_decided(double mean, double square, double eps, const Unit& of_state) {
  return std::abs(full_norm_variance(mean, square) - eps) > full_norm_variance_error(mean, square, of_state);
}

// Relative, of 1/√max(square − mean², eps): what GradientData::inv_std_error then is.
inline double full_norm_inv_std_error(double mean, double square, double eps, const Unit& of_output,
                                      const Unit& of_state) {
  const double variance = full_norm_variance(mean, square);
  const double error = full_norm_variance_error(mean, square, of_state);
  const bool clamped_by_all = variance + error <= eps;
  return relative_inv_std_error(std::max(variance, eps), clamped_by_all ? 0 : error, eps,
                                bounds_detail::granted.inv_std, of_output.roundoff);
}

inline OutputBound full_norm_output_bound(const Unit& of_output, const Unit& of_state, double mean, double square,
                                          double eps) {
  const double mean_off = 2 * of_state.roundoff * std::abs(mean);
  const double by_state = full_norm_inv_std_error(mean, square, eps, of_output, of_state);
  const double by_output = full_norm_inv_std_error(mean, square, eps, of_output, of_output);
  std::array<StatisticsError, stability_class_count> off{};
  off.fill({mean_off, by_state});
  off[static_cast<std::size_t>(StabilityClass::compensated)] = {0, given_inv_std_error(of_output)};
  off[static_cast<std::size_t>(StabilityClass::one_pass)] = {mean_off, by_output};
  return {of_output, mean, 1 / std::sqrt(std::max(full_norm_variance(mean, square), eps)), off};
}

}  // namespace normproof::theory
