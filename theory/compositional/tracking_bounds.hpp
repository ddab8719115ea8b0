// Between which bounds is the sum of LL19's Theorem 2 on a problem whose derivative has a kink and no more?
//
// Source. LL19 Algorithm 2 and Theorem 2 with n = 1: F_1(w; x; y) = φ(w + y), e_1(x) = x, ξ = m ± 1 with equal chances,
//   φ(u) = ½u² + ½c max{u, 0}²,  φ′(u) = u + c max{u, 0}. The problem and both bounds are our own.
//
//   With u_k = w^(k) + m and d_k = ê^(k) − m, d_0 = 0:
//     d_{k+1} = (1 − α_k) d_k ± α_k,   u_{k+1} = u_k − γ_k φ′(u_k + d_{k+1})
//   S = Σ γ_k E φ′(u_k)² = Σ γ_k E‖∂f(w^(k))‖²
//   lower   √(slope_weight · S)  ≥  tracked − forgone                                             tracking_lower_bound
//             tracked       c/2 · Σ γ_k v_k (E d_{k+1}²)^{3/2} / (E d_{k+1}⁴)^{1/2}
//             forgone       v_0 u_0 + Σ_{k≥1} (v_{k−1} − v_k) b_k + v_K b_{K+1}
//             slope_weight  (1 + c)² Σ γ_k v_k²
//   upper   S  ≤  2 φ(u_0) + (1 + c)² Σ γ_k E d_{k+1}²                                            tracking_upper_bound
//   where   |E u_k| ≤ b_k := min{U, √(2 l_k)},  U = max{1, |u_0|},  E φ(u_k) ≤ l_k:                         mean_bound
//           l_0 = φ(u_0),  l_{k+1} = (1 − γ_k) l_k + γ_k/2 (1 + c)² E d_{k+1}²
//
// Notation. v_k (`weight`) is any sequence ≥ 0 that never increases, √α_k unless it is given. Held constant at first it
// forgoes less and tracks nearly as much. E d², E d⁴ by estimation_error.hpp, with σ = 1.
//
// Assumptions. c ≥ 0, 0 ≤ α_k ≤ 1 and α_0 > 0, γ_k ≥ 0, γ_k (1 + c) ≤ 1.
//
// Why.
//   Lower: φ′(x) = (1 + c/2) x + c/2 |x|, |u + d| ≥ |d| − |u| (kink_left, kink_right) and E d_{k+1} = 0, hence
//       c/2 E|d_{k+1}| ≤ (E u_k − E u_{k+1})/γ_k − (1 + c/2) E u_k + c/2 E|u_k|
//                      ≤ (E u_k − E u_{k+1})/γ_k + (1 + c) E|u_k|.
//     Times γ_k v_k and summed, with
//       Σ v_k (E u_k − E u_{k+1}) = v_0 u_0 − v_K E u_{K+1} − Σ_{k≥1} (v_{k−1} − v_k) E u_k ≤ forgone,
//     with |u| ≤ |φ′(u)|, and with Σ γ v E|φ′| ≤ √(Σ γ v²) √S (Cauchy–Schwarz).
//     E d² ≤ (E|d|)^{2/3} (E d⁴)^{1/3} by Hölder.
//   Upper: with g = φ′(u + d) and u′ = u − γg, φ(u′) ≤ φ(u) − γ φ′(u) g + (1 + c)/2 γ² g², and
//       −φ′(u) g = −½φ′(u)² − ½g² + ½(g − φ′(u))² ≤ −½φ′(u)² − ½g² + ½(1 + c)² d².
//     Both g² together are −½γ(1 − (1 + c)γ) g² ≤ 0, so that φ(u′) ≤ φ(u) − γ/2 φ′(u)² + γ/2 (1 + c)² d² (descent_left,
//     descent_right). Sum; φ ≥ 0.
//   b_k: |u_k| ≤ U, for a step does not decrease with u, and at u = ±U it leads inwards because |d| ≤ 1. From the same
//     descent and φ′² ≥ 2φ, E φ(u_k) ≤ l_k; and u² ≤ 2φ(u).
//   E d² and v² = α_k are of the same order: S is bounded exactly where Σ γ_k α_k is. Theorem 2 asks for less, that is
//     a < 2γ − 1; Assumption 1 admits the error of E g of the order of √α_k that makes the difference.
#pragma once

#include "theory/compositional/estimation_error.hpp"
#include "theory/elementary.hpp"

namespace normproof::theory {

// φ and φ′.
template <class T>
T kinked_loss(const T& u, const T& c) {
  const T positive = clamp_below(u, T(0));
  T loss = T(0);
  loss += u * u / T(2);                    // term: square
  loss += c * positive * positive / T(2);  // term: square_on_one_side
  return loss;
}
template <class T>
T kinked_slope(const T& u, const T& c) {
  T slope = T(0);
  slope += u;                         // term: slope_of_square
  slope += c * clamp_below(u, T(0));  // term: slope_on_one_side
  return slope;
}

template <class T>
T magnitude_of(const T& x) {
  T size = T(0);
  size += T(2) * clamp_below(x, T(0));  // term: positive_part_twice
  size -= x;                            // term: all_of_it
  return size;
}

// For every u and d kink_left ≤ kink_right.
template <class T>
T kink_left(const T& u, const T& d, const T& c) {
  T left = T(0);
  left += c / T(2) * magnitude_of(d);  // term: error
  left -= c / T(2) * magnitude_of(u);  // term: distance
  return left;
}
template <class T>
T kink_right(const T& u, const T& d, const T& c) {
  const T x = u + d;
  T right = T(0);
  right += kinked_slope(x, c);     // term: slope
  right -= (T(1) + c / T(2)) * x;  // term: mean_slope
  return right;
}

// For every u and d descent_left ≤ descent_right, if γ (1 + c) ≤ 1.
template <class T>
T descent_left(const T& u, const T& d, const T& c, const T& learning_rate) {
  const T x = u + d;
  const T next = u - learning_rate * kinked_slope(x, c);
  return kinked_loss(next, c);
}
template <class T>
T descent_right(const T& u, const T& d, const T& c, const T& learning_rate) {
  const T slope = kinked_slope(u, c);
  const T largest_slope = (T(1) + c) * d;
  T right = T(0);
  right += kinked_loss(u, c);                                     // term: loss_before
  right -= learning_rate / T(2) * slope * slope;                  // term: descent
  right += learning_rate / T(2) * largest_slope * largest_slope;  // term: estimation_error
  return right;
}

template <class T>
struct TrackingBounds {
  T c, u_0;
  T second, fourth;  // E d_k², E d_k⁴
  T loss;            // l_k
  T weight;          // v_{k−1}
  // Sums over the steps so far.
  T tracked;         // Σ γ v (E d²)^{3/2}/(E d⁴)^{1/2}
  T forgone;         // without v_K b_{K+1}
  T squared_weight;  // Σ γ v²
  T squared_error;   // Σ γ E d²
};

template <class T>
TrackingBounds<T> tracking_start(const T& c, const T& u_0, const T& first_weight) {
  return {c, u_0, T(0), T(0), kinked_loss(u_0, c), first_weight, T(0), first_weight * u_0, T(0), T(0)};
}

// b_k.
template <class T>
T mean_bound(const TrackingBounds<T>& at) {
  const T squared = T(2) * at.loss;
  const T by_loss = sqrt(squared);
  const T box = clamp_below(magnitude_of(at.u_0), T(1));
  T bound = T(0);
  bound += by_loss;                           // term: by_loss
  bound -= clamp_below(by_loss - box, T(0));  // term: beyond_the_box
  return bound;
}

template <class T>
TrackingBounds<T> advance(const TrackingBounds<T>& at, const T& alpha, const T& learning_rate, const T& weight) {
  TrackingBounds<T> next = at;
  next.fourth = fourth_moment_step(at.second, at.fourth, alpha, T(1));
  next.second = second_moment_step(at.second, alpha, T(1));
  const T largest_slope = T(1) + at.c;
  next.loss = T(0);
  next.loss += (T(1) - learning_rate) * at.loss;                                    // term: loss_kept
  next.loss += learning_rate / T(2) * largest_slope * largest_slope * next.second;  // term: loss_by_error
  next.weight = weight;
  const T ratio = next.second / next.fourth;
  next.tracked += learning_rate * weight * next.second * sqrt(ratio);  // term: mean_error
  next.forgone += (at.weight - weight) * mean_bound(at);               // term: weight_falls
  next.squared_weight += learning_rate * weight * weight;              // term: weight
  next.squared_error += learning_rate * next.second;                   // term: mean_square_error
  return next;
}

template <class T>
TrackingBounds<T> advance(const TrackingBounds<T>& at, const T& alpha, const T& learning_rate) {
  const T weight = sqrt(alpha);
  return advance<T>(at, alpha, learning_rate, weight);
}

// S ≥ (tracked − forgone)²/slope_weight where tracked > forgone; nothing is said of S elsewhere.
template <class T>
struct TrackingLowerBound {
  T tracked, forgone, slope_weight;
};

template <class T>
TrackingLowerBound<T> tracking_lower_bound(const TrackingBounds<T>& at) {
  TrackingLowerBound<T> bound;
  bound.tracked = at.c / T(2) * at.tracked;
  bound.forgone = T(0);
  bound.forgone += at.forgone;                  // term: forgone_on_the_way
  bound.forgone += at.weight * mean_bound(at);  // term: forgone_at_the_end
  bound.slope_weight = (T(1) + at.c) * (T(1) + at.c) * at.squared_weight;
  return bound;
}

template <class T>
T tracking_upper_bound(const TrackingBounds<T>& at) {
  T bound = T(0);
  bound += T(2) * kinked_loss(at.u_0, at.c);                  // term: loss_at_start
  bound += (T(1) + at.c) * (T(1) + at.c) * at.squared_error;  // term: estimation_errors
  return bound;
}

}  // namespace normproof::theory
