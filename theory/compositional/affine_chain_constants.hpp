// In which box does LL19's Algorithm 2 stay on a chain of affine layers, and what are Assumption 1's constants there?
//
// Source. LL19 Assumption 1; the chain of affine_chain_moments.hpp, with |ξ − E ξ| ≤ `deviation`.
//
//   Box.   w = w^(0) + t v with |t| ≤ `reach`, and |ê_i − centre_i| ≤ estimate_reach_i
//   1      ‖g‖² ≤ G²                                                                   gradient_bound_squared
//   2      E‖e_i − E e_i‖² = B_{i,n+1}² var ξ, with exact statistics and with estimates     statistic_variance
//   3      E g − ∂f = v Σ_i c_i B_{0,i} d_i, so that ‖E g − ∂f‖² ≤ L_g Σ_i d_i²             gradient_error_factor
//   4      e_i; F_i; ∂F_1; ∂f                                                                         lipschitz_…
//
// Notation. v, r, r̄, x̄ as in affine_chain_moments.hpp; d_i = ê_i − E e_i(w); centre_i = x̄_{i+1}(w^(0));
//   B_{i,j} = Π_{i<l<j} b_l  for i < j: how much of layer j's output layer i is applied to, estimates fixed;
//   κ = Σ_i B_{0,i} a_i v_i  (`direct_slope`): how fast r moves with t, estimates fixed.
//
// Assumptions. 0 ≤ α ≤ 1; 0 ≤ γ ≤ 1/κ (`largest_learning_rate`); κ > 0; margin > 0, which is said of the numbers
// returned and not looked at here: with margin ≤ 0 there is no box of this kind. `magnitude` is |·|.
//
// Why. With η_i = ê_i − centre_i the estimate of layer i is averaged with
//     z_{i+1} − centre_i = Σ_{j>i} B_{i,j} (a_j v_j t + c_j η_j) + B_{i,n+1} (ξ − E ξ),
//   so that |η_i| ≤ E_i := P_i T + Q_i holds on and on once it holds, for
//     P_i = |Σ_{j>i} B_{i,j} a_j v_j| + Σ_{j>i} |B_{i,j} c_j| P_j,
//     Q_i = |η_i^(0)| + |B_{i,n+1}| s + Σ_{j>i} |B_{i,j} c_j| Q_j,   s the deviation.
//   The residual is r = κ t + ρ, |ρ| ≤ R_1 T + R_0 with R_1 = Σ_i |B_{0,i} c_i| P_i and
//     R_0 = |r̄(w^(0))| + Σ_i |B_{0,i} c_i| Q_i + |B_{0,n+1}| s.
//   t ← (1 − γκ) t − γρ stays within T as soon as R_1 T + R_0 ≤ κ T: T = R_0/margin, margin = κ − R_1. Then
//   |r| ≤ κT + R_1 T + R_0 = 2κT (`residual_bound`), with exact statistics as well: they are a point of the same box.
//   Continued linearly where |r| is larger, F_1 has a bounded and Lipschitz derivative everywhere, and no run from the
//   start can tell: Assumption 1 holds for all w and ê, with these constants.
#pragma once

#include <array>
#include <cstddef>

#include "theory/compositional/affine_chain_moments.hpp"
#include "theory/elementary.hpp"

namespace normproof::theory {

template <class T, std::size_t n>
struct AffineChainConstants {
  // The box.
  T direct_slope;           // κ
  T margin;                 // κ less the coefficients of what may work against it
  T largest_learning_rate;  // 1/κ
  T reach;                  // of t
  std::array<T, n> estimate_centre, estimate_reach;

  // On it.
  T residual_bound;                     // of |r|
  T gradient_bound_squared;             // G²
  std::array<T, n> statistic_variance;  // σ² of each e_i
  std::array<T, n> residual_by_error;   // c_i B_{0,i}
  T gradient_error_factor;              // L_g
  T objective_curvature;                // the Lipschitz constant of ∂f, exactly ‖v‖²; f has G
  std::array<T, n> lipschitz_squared;   // of F_i
  T loss_slope_lipschitz;               // of ∂F_1; all other ∂F_i are constant
};

template <class T>
struct RootOfSquare {
  T operator()(const T& x) const { return sqrt(x * x); }
};

template <class T, std::size_t n, class Magnitude = RootOfSquare<T>>
AffineChainConstants<T, n> affine_chain_constants(const AffineChain<T, n>& chain, const std::array<T, n>& w,
                                                  const std::array<T, n>& estimates, const T& deviation,
                                                  const Magnitude& magnitude = {}) {
  const auto& layers = chain.layers;
  const std::array<T, n> direction = affine_chain_direction(chain);
  AffineChainConstants<T, n> result;

  T exact = chain.mean;  // x̄ at w^(0)
  for (std::size_t i = n; i-- > 0;) {
    result.estimate_centre[i] = exact;
    T next = T(0);
    next += layers[i].a * w[i];   // term: weight_at_start
    next += layers[i].b * exact;  // term: input_at_start
    next += layers[i].c * exact;  // term: statistic_at_start
    next += layers[i].d;          // term: offset_at_start
    exact = next;
  }
  const T residual_at_start = exact;

  // P_i and Q_i, the last layer first. Places count from 0 here: layers[i] is F_{i+1}.
  std::array<T, n> by_reach, at_rest;
  for (std::size_t i = n; i-- > 0;) {
    T way = T(1), moved = T(0);  // B, and what z_{i+1} moves by with t, estimates fixed
    by_reach[i] = T(0);
    at_rest[i] = T(0);
    at_rest[i] += magnitude(estimates[i] - result.estimate_centre[i]);  // term: estimate_starts_off
    for (std::size_t j = i + 1; j < n; ++j) {
      moved += way * layers[j].a * direction[j];                  // term: parameter_moves
      by_reach[i] += magnitude(way * layers[j].c) * by_reach[j];  // term: estimate_moves
      at_rest[i] += magnitude(way * layers[j].c) * at_rest[j];    // term: estimate_is_off
      way *= layers[j].b;
    }
    by_reach[i] += magnitude(moved);           // term: parameters_move
    at_rest[i] += magnitude(way) * deviation;  // term: sample_is_off
    result.statistic_variance[i] = way * way * chain.variance;
  }

  T way = T(1), against = T(0), off = T(0);  // B, R_1, R_0
  off += magnitude(residual_at_start);       // term: residual_at_start
  result.direct_slope = T(0);
  T squared_errors = T(0), squared_direction = T(0);
  for (std::size_t i = 0; i < n; ++i) {
    result.direct_slope += way * layers[i].a * direction[i];  // term: slope_by_parameter
    result.residual_by_error[i] = way * layers[i].c;
    const T size = magnitude(result.residual_by_error[i]);
    against += size * by_reach[i];                                                // term: estimate_works_against
    off += size * at_rest[i];                                                     // term: estimate_shifts_residual
    squared_errors += result.residual_by_error[i] * result.residual_by_error[i];  // term: error_of_layer
    squared_direction += direction[i] * direction[i];                             // term: direction_of_layer
    way *= layers[i].b;
  }
  off += magnitude(way) * deviation;  // term: sample_shifts_residual

  result.margin = T(0);
  result.margin += result.direct_slope;  // term: slope_works_for
  result.margin -= against;              // term: estimates_work_against
  result.largest_learning_rate = T(1) / result.direct_slope;
  result.reach = off / result.margin;
  for (std::size_t i = 0; i < n; ++i) {
    result.estimate_reach[i] = T(0);
    result.estimate_reach[i] += by_reach[i] * result.reach;  // term: reach_of_parameters
    result.estimate_reach[i] += at_rest[i];                  // term: reach_at_rest
  }

  result.residual_bound = T(2) * result.direct_slope * result.reach;
  const T squared_residual = result.residual_bound * result.residual_bound;
  result.gradient_bound_squared = squared_residual * squared_direction;
  result.gradient_error_factor = squared_direction * squared_errors;
  result.objective_curvature = squared_direction;
  for (std::size_t i = 0; i < n; ++i) {
    result.lipschitz_squared[i] = layers[i].a * layers[i].a + layers[i].b * layers[i].b + layers[i].c * layers[i].c;
  }
  result.loss_slope_lipschitz = result.lipschitz_squared[0];
  result.lipschitz_squared[0] = result.lipschitz_squared[0] * squared_residual;
  return result;
}

}  // namespace normproof::theory
