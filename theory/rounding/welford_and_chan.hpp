// How far are the mean and the variance of Welford's updates, and of Chan's merges, from their exact values?
//
// Source. B. P. Welford, Note on a method for calculating corrected sums of squares and products, Technometrics 4
// (1962); T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance, The American
// Statistician 37 (1983), whose law is u·m·κ; the constants are derived below.
// Notation. m = count; V = variance; X = root mean square of x; u = roundoff; d_i = x_i − mean; mean_k = mean of the
// first k values, E_k the error of the computed one; δ_k = x_k − mean_(k−1); t = exp(4u) − 1; a part has n values,
// their mean and M = Σ (x − mean)². Root mean squares over a channel weigh each value 1/m.
//   Welford   mean ← mean + δ/k,   M ← M + δ_k (x_k − mean_k)
//   Chan      δ = mean_b − mean_a,   mean = mean_a + δ n_b/n,   M = M_a + M_b + δ² n_a n_b/n
// Both sum squares that are V in all: m·V = Σ_k δ_k² (k − 1)/k, and likewise over the merges. All terms are ≥ 0.
// Assumptions. Round to nearest, no overflow; squares have binary64's range. Chan: the mean is moved from the larger
// part, or n_b ≤ 2 n_a.
//   (1)  |V^ − V| ≤ 2e√V + e² + (exp(ru) − 1)(√V + e)²
//        where the deviations that are squared are off by e in root mean square and a term passes r roundings
//   (2)  Welford: |E_m| ≤ G ( u ((m + 1)/2 |mean| + π/8·m√V) + t√2·√V )
//        e ≤ G ( u (m + 4)(0.289 |mean| + 0.472 √V) + t √(2(1 + log m)) √V )
//        with G = exp( mu/(1 − u) + t(1 + log m) ), r = m + 6
//   (3)  Chan, at most L merges above a part of one value or of a sum of height l:
//        |E| ≤ c_L X,   e ≤ X √( c₀² + Σ_{i<L} c_i² ),   c_i = exp((l + a + 9i)u) − 1
//        with a roundings for the division by the size of such a part (two_pass_forward.hpp); l + a = 0 for one value
// Why.
//   (1) Minkowski: if Σ w δ² = mV and each δ is off by f with Σ w f² = m e², then Σ w (δ + f)² is between m(√V − e)²
//   and m(√V + e)². Where the two factors of a square are off by different amounts (Welford) Cauchy–Schwarz gives the
//   same.
//   (2) One step: E_k = (1 − 1/k) E_(k−1) + (δ_k − E_(k−1)) θ/k + at most u|mean_k + E_k|, |θ| ≤ t: the difference, 1/k
//   and the product are rounded. Hence k|E_k| ≤ G Σ_{2≤j≤k} ( t|δ_j| + j·u|mean_j| ).
//   Σ_{j≥2} δ_j² ≤ 2 Σ δ_j² (j − 1)/j = 2mV, so (1/m) Σ|δ_j| ≤ √(2V).
//   j|mean_j| ≤ j|mean| + |S_j|, S_j = d_1 + … + d_j. As Σd = 0, S_j = Σ_i ([i ≤ j] − j/m) d_i, and Cauchy–Schwarz
//   gives |S_j| ≤ √(j(1 − j/m))·√(mV). Then (1/m) Σ_j j|mean| = (m + 1)/2 |mean|, and
//   (1/m) Σ_j |S_j| ≤ m√V ∫₀¹ √(τ(1 − τ)) dτ = π/8·m√V, as a trapezoid sum of a concave function is at most its
//   integral.
//   e: δ_k is off by E_(k−1) and x_k − mean_k by E_k, so with weights (k − 1)/k it is enough to bound
//   Σ_{k≥2} E_k² k/(k − 1), part by part (Minkowski):
//   · of |mean|: |E_k| √(k/(k − 1)) ≤ u|mean| (k + 3/2)/2, and Σ (k + 3/2)²/4 ≤ (m + 2)³/12 ≤ m (0.289 (m + 4))²;
//   · of S: Σ_{2≤j≤k} √j ≤ 2/3·k^{3/2} + √k/2, so the squares are at most u²mV (4k/9 + 10/9 + 1.37/(k − 1)), in all at
//     most u²mV·2/9·(m + 4)², and √(2/9) < 0.472;
//   · of δ: (t/k) Σ_{j≤k}|δ_j| ≤ t√(2mV/k), the squares in all 2t²mV (1 + log m).
//   r: two differences, their product, m additions, the division (3).
//   In k blocks of one size, each a part of its own, in the place of m values, the same holds with k for m, |S_j| being
//   smaller; the blocks' own errors (at most `leaf` each) add to both means of a difference.
//   (3) |E| ≤ c_i A for a part of i merges, A = (1/n) Σ|x|. One merge: errors w_a E_a + w_b E_b, w = n_a/n, n_b/n; the
//   move t·w_b (|a| + |b|) ≤ 2t (w_a|a| + w_b|b|), for w_b ≤ 2w_a; and u|mean|: 1 + c grows by exp(9u), as
//   2t ≤ exp(8u) − 1. The weighted form (n_a a + n_b b)/n takes fewer. A ≤ X over the whole channel.
//   e: n_a n_b/n (E_a + E_b)² ≤ c² n_a n_b/n (A_a + A_b)² ≤ c² (n_a A_a² + n_b A_b²) ≤ c² Σ x² over the two parts,
//   summed over the merges of equal rank ≤ c²·mX². Parts that are sums of squares about their own mean (two passes) add
//   c₀² in the same way.
// V^ ≥ 0. Chan's terms are squares. Welford's too have no negative term: rounding is monotone, so for k ≥ 2 the new
// mean lies between the old one and x_k, and the two factors have the same sign. On a constant channel every δ is 0 and
// both are exact.
#pragma once

#include <algorithm>
#include <cmath>

#include "theory/rounding/normalization_data.hpp"
#include "theory/rounding/summation.hpp"
#include "theory/rounding/two_pass_forward.hpp"

namespace normproof::theory {

struct UpdatingError {
  double mean = 0;       // of the mean at the end
  double deviation = 0;  // e
};

// (1), with V^ as it is before eps is added.
inline double updating_variance_error(double variance, double deviation_error, double roundings, const Unit& unit) {
  const double std = std::sqrt(variance);
  const double moved = 2 * times(std, deviation_error) + deviation_error * deviation_error;
  return (moved + times(compound_error(roundings, unit.roundoff), variance + moved)) * rounding_allowance +
         underflows_per_result * square_smallest;
}

// (2) with `steps` updates: the count, or the number of blocks of one size, whose own means are off by leaf_error.
constexpr double welford_step_roundings = 4;           // t
constexpr double welford_end_roundings = 6;            // r − m
constexpr double welford_extra_steps = 4;              // m + 4
constexpr double welford_mean_of_spread = 0.3927;      // ≥ π/8
constexpr double welford_deviation_of_mean = 0.289;    // ≥ √(1/12)
constexpr double welford_deviation_of_spread = 0.472;  // ≥ √(2/9)

inline UpdatingError welford_error(const ChannelData& c, const Unit& unit, double steps, double leaf_error = 0) {
  if (!(steps > 1)) return {leaf_error, leaf_error};  // the mean is the value itself
  const double u = unit.roundoff;
  const double t = compound_error(welford_step_roundings, u);
  const double std = std::sqrt(c.variance);
  const double size = std::abs(c.mean);
  const double logarithm = 1 + std::log(steps);
  const double growth = compound_factor(1, steps * u / (1 - u) + t * logarithm);
  const double underflow = underflows_per_result * (steps * square_smallest + unit.smallest);
  UpdatingError error;
  error.mean = growth * (u * ((steps + 1) / 2 * size + welford_mean_of_spread * steps * std) +
                         t * std::sqrt(2 * c.variance) + leaf_error) +
               underflow;
  error.deviation = growth * (u * (steps + welford_extra_steps) *
                                  (welford_deviation_of_mean * size + welford_deviation_of_spread * std) +
                              t * std::sqrt(2 * logarithm) * std + 2 * leaf_error) +
                    underflow;
  return error;
}

inline double welford_variance_error(const ChannelData& c, const Unit& unit) {
  if (c.constant) return 0;
  return updating_variance_error(c.variance, welford_error(c, unit, c.count).deviation, c.count + welford_end_roundings,
                                 unit);
}

// (3)
constexpr double chan_merge_roundings = 9;
constexpr double chan_end_roundings = 10;  // two differences, square, weight (3), product, the division (3)

struct MergeTree {
  int merges = 0;          // L, on the longest way
  double leaf_height = 0;  // l, of the sums in a part that is not merged; 0 for single values
};

inline UpdatingError chan_error(const ChannelData& c, const Unit& unit, const MergeTree& tree,
                                const ForwardRoundings& roundings = plain_forward_roundings) {
  const double leaf = tree.leaf_height > 0 ? tree.leaf_height + roundings.mean : 0;  // one value is its own mean
  const double coefficient = compound_error(leaf, unit.roundoff);
  double squares = coefficient * coefficient;
  for (int i = 0; i < tree.merges; ++i) {
    const double of_parts = compound_error(leaf + chan_merge_roundings * i, unit.roundoff);
    squares += of_parts * of_parts;
  }
  const double underflow = underflows_per_result * ((tree.merges + 1) * square_smallest + unit.smallest);
  const double whole = compound_error(leaf + chan_merge_roundings * tree.merges, unit.roundoff);
  return {times(whole, c.root_mean_square) + underflow,
          times(std::sqrt(squares) * rounding_allowance, c.root_mean_square) + underflow};
}

inline double chan_variance_error(const ChannelData& c, const Unit& unit, const MergeTree& tree,
                                  const ForwardRoundings& roundings = plain_forward_roundings) {
  return updating_variance_error(c.variance, chan_error(c, unit, tree, roundings).deviation,
                                 tree.merges + tree.leaf_height + chan_end_roundings, unit);
}

}  // namespace normproof::theory
