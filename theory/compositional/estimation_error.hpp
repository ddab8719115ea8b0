// How does the error of LL19's running estimate go on from one step to the next, and between which bounds?
//
// Source. LL19 Algorithm 2 line 2, Lemma 1. The paper leaves the proof to its supplement; the steps here are our own.
//
//   d_{k+1} = (1 − α)(d_k − δ) + α ζ                                                                the error itself
//   E d_{k+1}² = (1 − α)² E d_k² + α² σ²                                  second_moment_step: no drift
//   E d_{k+1}  = (1 − α)(E d_k − δ),                                      drifting_error_step: a drift that is known
//   E d_{k+1}² = (1 − α)² (E d_k² − 2δ E d_k + δ²) + α² σ²
//   E d_{k+1}⁴ = (1 − α)⁴ E d_k⁴ + 6 (1 − α)² α² σ² E d_k² + α⁴ σ⁴        fourth_moment_step: no drift, ζ = ±σ
//   (1 − α)² (d − δ)² + α² σ²  ≤  (1 − α/2) d² + δ²/α + α² σ²             one_step_mean_square, one_step_bound: (9)
//   α_k/2 · σ²  ≤  E d_{k+1}²  ≤  α_k σ²                                   room_above_half_rate, room_below_rate
//   Π_{k<K} (1 − α_k) = (K + 2)/(2(K + 1))  for α_k = 1/(k + 2)²           remaining_share: never forgotten
//
// Notation. d_{k+1} = ê^(k+1) − E e(w^(k)); δ = E e(w^(k)) − E e(w^(k−1)), the drift; ζ = e(w^(k); ξ_k) − E e(w^(k)),
// of mean 0 and variance σ² (`variance`), independent of d_k; β = 1 − α (`kept`).
//
// Assumptions. 0 < α ≤ 1 for the inequalities; the equations hold for every number. The two-sided bound needs
// E d_k² between α_{k−1}/2 and α_{k−1} times σ², α_k ≤ α_{k−1} and 1/α_k ≤ 1/α_{k−1} + 1. All α_k = (k + 1)^(−a) with
// 0 ≤ a ≤ 1 are such, and with α_0 = 1 the bound holds from E d_1² = σ² on: the rate a of Lemma 1 is attained.
//
// Why.
//   (9): right − left = A d² + 2B dδ + Dδ² with A = α(1/2 + β), B = β², D = 1/α − β², for 1 − α/2 − β² = α(1/2 + β).
//     Completing the square it is A (d + (B/A)δ)² + (D − B²/A) δ², and
//     A (D − B²/A) = 1/2 + β − β²/2 − β³/2 = (α(1 + β)² + β)/2 ≥ 0 because 1 = α + β.
//   Above: α σ² − E d² = β(α − βp) σ² + β²(p σ² − x) for p = α_{k−1}, x = E d_k²; α ≥ βp says 1/α − 1 ≤ 1/p.
//   Below: E d² − α/2 σ² = β²(x − p/2 σ²) + β²(p − α)/2 σ² + α³/2 σ², for β²α + 2α² − α = α³.
//   Never forgotten: 1 − α_k = (k + 1)(k + 3)/(k + 2)², and both halves of the product telescope. Without noise and
//     drift d_K = d_0 Π(1 − α_k), so that this estimate, whose rates can be summed, keeps half of its error.
#pragma once

#include "theory/elementary.hpp"

namespace normproof::theory {

template <class T>
T second_moment_step(const T& second, const T& alpha, const T& variance) {
  const T kept = T(1) - alpha;
  T next = T(0);
  next += kept * kept * second;      // term: kept_square
  next += alpha * alpha * variance;  // term: noise
  return next;
}

// E d and E d².
template <class T>
struct ErrorMoments {
  T mean, second;
};

template <class T>
ErrorMoments<T> drifting_error_step(const ErrorMoments<T>& at, const T& alpha, const T& delta, const T& variance) {
  const T kept = T(1) - alpha;
  ErrorMoments<T> next = {T(0), T(0)};
  next.mean += kept * at.mean;                          // term: kept_mean
  next.mean -= kept * delta;                            // term: drift
  next.second += kept * kept * at.second;               // term: kept_square_of_drifting
  next.second -= T(2) * kept * kept * delta * at.mean;  // term: drift_times_error
  next.second += kept * kept * delta * delta;           // term: squared_drift
  next.second += alpha * alpha * variance;              // term: noise_of_drifting
  return next;
}

template <class T>
T fourth_moment_step(const T& second, const T& fourth, const T& alpha, const T& variance) {
  const T kept_square = (T(1) - alpha) * (T(1) - alpha);
  const T noise_square = alpha * alpha * variance;
  T next = T(0);
  next += kept_square * kept_square * fourth;          // term: kept_fourth_power
  next += T(6) * kept_square * noise_square * second;  // term: square_times_noise
  next += noise_square * noise_square;                 // term: fourth_power_of_noise
  return next;
}

// The left side of (9)'s one step, for one d and one δ: E[d_{k+1}² | d_k = d].
template <class T>
T one_step_mean_square(const T& d, const T& delta, const T& alpha, const T& variance) {
  const T kept = T(1) - alpha;
  T left = T(0);
  left += kept * kept * (d - delta) * (d - delta);  // term: shifted_square
  left += alpha * alpha * variance;                 // term: noise_on_the_left
  return left;
}

template <class T>
T one_step_bound(const T& d, const T& delta, const T& alpha, const T& variance) {
  T right = T(0);
  right += (T(1) - alpha / T(2)) * d * d;  // term: contracted_square
  right += delta * delta / alpha;          // term: drift_over_rate
  right += alpha * alpha * variance;       // term: noise_on_the_right
  return right;
}

// one_step_bound − one_step_mean_square, as a sum of terms none of which is negative.
template <class T>
T one_step_gap(const T& d, const T& delta, const T& alpha) {
  const T kept = T(1) - alpha;
  const T factor = alpha * (T(1) / T(2) + kept);
  const T combined = d + kept * kept / factor * delta;
  const T divisor = T(2) * factor;
  T gap = T(0);
  gap += factor * combined * combined;                                     // term: completed_square
  gap += alpha * (T(1) + kept) * (T(1) + kept) / divisor * delta * delta;  // term: drift_by_alpha
  gap += kept / divisor * delta * delta;                                   // term: drift_by_kept
  return gap;
}

// α σ² − E d_{k+1}² from E d_k² = second.
template <class T>
T room_below_rate(const T& second, const T& alpha_before, const T& alpha, const T& variance) {
  const T kept = T(1) - alpha;
  T room = T(0);
  room += kept * (alpha - kept * alpha_before) * variance;   // term: rate_falls_slowly
  room += kept * kept * (alpha_before * variance - second);  // term: room_before
  return room;
}

// E d_{k+1}² − α/2 σ² from E d_k² = second.
template <class T>
T room_above_half_rate(const T& second, const T& alpha_before, const T& alpha, const T& variance) {
  const T kept = T(1) - alpha;
  T room = T(0);
  room += kept * kept * (second - alpha_before * variance / T(2));  // term: room_before_above
  room += kept * kept * (alpha_before - alpha) * variance / T(2);   // term: rate_falls
  room += alpha * alpha * alpha * variance / T(2);                  // term: cubed_rate
  return room;
}

// Π_{k=0}^{steps−1} (1 − 1/(k + 2)²).
template <class T>
T remaining_share(int steps) {
  return T(steps + 2) / (T(2) * T(steps + 1));
}

}  // namespace normproof::theory
