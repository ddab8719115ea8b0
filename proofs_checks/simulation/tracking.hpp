// What does MCSGD do to layers of which each only adds its weight, the outermost one behind a scalar function φ?
//
// Source       LL19 (6) with n scalar layers, Algorithm 2, Remark 1.
// Formulas     F₁(w₁; x; y) = φ(w₁ + y);   Fᵢ(wᵢ; x; y) = wᵢ + y, 1 < i < n;   Fₙ(wₙ; x; y) = wₙ + x, n > 1;
//              eᵢ(x) = x;   ξ has mean m and standard deviation s, one ξ a step.
//              êₙ ← (1 − α)êₙ + αξ,   êₙ₋₁ ← (1 − α)êₙ₋₁ + α(wₙ + ξ),   êᵢ ← (1 − α)êᵢ + α(wᵢ₊₁ + êᵢ₊₁) for i < n − 1,
//              the right-hand sides as before the step; then, at the new estimates, every gᵢ = φ′(w₁ + ê₁).
//              E eₙ = m,   E eᵢ(w) = wᵢ₊₁ + ⋯ + wₙ + m,   f(w) = φ(u),   ∂f(w) = φ′(u) (1, …, 1).
// Notation     u = w₁ + ⋯ + wₙ + m;   dᵢ = êᵢ − E eᵢ;   `slope` is φ′.
// Assumption 1, with signs for noise, |ξ − m| = s, and L the Lipschitz constant of φ′:
//              1  G² = n sup φ′², over what w₁ + ê₁ can reach where φ′ is not bounded;   2  σ = s (the variance of what
//              êᵢ mixes in is s² for i ≥ n − 1, else 0);   3  ‖E g − ∂f‖² = n (φ′(u + d₁) − φ′(u))² ≤ nL² d₁²;   4  the
//              Lipschitz constants are those of φ, φ′ and 1;   5  inf φ;   6  the schedule's.
// Violation    `bias` is added to every gᵢ. Where it is not 0 the oracle is wrong at exact estimates: no L_g will do.
// Why          Nothing but Lemma 1's error hurts: at exact estimates the oracle is the gradient. What the error does to
//              the gradient is φ's affair: E φ′(u* + d) at a minimum u* is of order √E d² where φ′ has a kink at u*, of
//              order E d² where φ‴(u*) ≠ 0. With n = 1 ê follows noise, with n > 1 a weight that moves as well.
//              The operations stand in the order of impl/reference's Algorithm 2, so that the bits can be compared.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "proofs_checks/inputs/instruction_set.hpp"
#include "proofs_checks/simulation/noise.hpp"
#include "proofs_checks/simulation/schedule.hpp"

namespace normproof::simulation {

// φ(u) = ½ u² + ½ c max{u, 0}², c ≥ 0: φ′ is Lipschitz, L = 1 + c, and no better at the minimum u* = 0.
struct Kinked {
  double c = 1;

  NORMPROOF_INLINE double operator()(double u) const { return u + c * (u > 0 ? u : 0.0); }
  double value(double u) const { return (u * u + c * (u > 0 ? u * u : 0.0)) / 2; }
};

// φ(u) = √(1 + u²) + ½ u: every derivative is bounded, −½ < φ′ < 3/2, L = 1. At the minimum u* = −1/√3 φ″ = (¾)^(3/2)
// and φ‴ = 27/32. Vectorised only where the file is compiled with -fno-math-errno; the bits are the same.
struct Smooth {
  NORMPROOF_INLINE double operator()(double u) const { return u / std::sqrt(1 + u * u) + 0.5; }
  double value(double u) const { return std::sqrt(1 + u * u) + u / 2; }
};

// φ(u) = ½ u², L = 1.
struct Quadratic {
  NORMPROOF_INLINE double operator()(double u) const { return u; }
  double value(double u) const { return u * u / 2; }
};

// φ(u) = (1 + u)^(−p), u ≥ 0, and 1 − p u on the left, p > 0: −p ≤ φ′ < 0, L = p (p + 1), inf φ = 0 is not attained.
// Without noise, and with ê exact, φ′² falls like (Σγ_k)^(−2(p + 1)/(p + 2)), as near to 1/Σγ_k as p is to 0.
// pow is libm's: its last bits differ between machines, and no loop over it is vectorised.
struct PowerTail {
  double p = 1;

  NORMPROOF_INLINE double operator()(double u) const { return -p * std::pow(1 + (u > 0 ? u : 0.0), -p - 1); }
  double value(double u) const { return u > 0 ? std::pow(1 + u, -p) : 1 - p * u; }
};

// φ(u) = −speed·u: the weights move by γ speed in every step. inf φ = −∞: item 5 fails, and Lemma 1 does not use it.
struct Steady {
  double speed = 1;

  NORMPROOF_INLINE double operator()(double /*u*/) const { return -speed; }
  double value(double u) const { return -speed * u; }
};

template <class Slope, std::size_t n = 1, Noise noise = Noise::sign>
struct TrackingProblem {
  static_assert(n >= 1);
  static constexpr std::size_t layers = n, noises = 1;

  struct State {
    std::array<double, n> w = {}, estimate = {};  // w₁ … wₙ, ê₁ … êₙ
  };

  // What is seen of step k: dᵢ² = |êᵢ^(k+1) − E eᵢ(w^(k))|², at i − 1, and ‖∂f(w^(k))‖².
  static constexpr std::size_t squared_error_1 = 0, squared_gradient = n, observables = n + 1;

  Slope slope;
  Sampler<noise> sample;
  double bias = 0;
  State start;

  NORMPROOF_INLINE State step(const State& at, const std::array<double, noises>& z, const Rates& rates) const {
    constexpr std::make_index_sequence<n> all = {};
    State next;
    next.estimate = estimates(at, sample(z[0]), rates.alpha, all);
    next.w = moved(at.w, rates.learning_rate * (slope(at.w[0] + next.estimate[0]) + bias), all);
    return next;
  }

  NORMPROOF_INLINE std::array<double, observables> observe(const State& before, const State& after) const {
    std::array<double, observables> seen = {};
    const double u = observe_errors<n>(before, after, sample.mean, seen), gradient = slope(u);
    seen[squared_gradient] = static_cast<double>(n) * (gradient * gradient);
    return seen;
  }

 private:
  using Numbers = std::array<double, n>;

  // What ê_(i+1) mixes in: layer n sees ξ itself, layer n − 1 what Fₙ makes of it, the others their estimates alone.
  template <std::size_t i>
  NORMPROOF_INLINE static double statistic(const State& at, double xi) {
    if constexpr (i + 1 == n) return xi;
    if constexpr (i + 2 == n) return at.w[i + 1] + xi;
    if constexpr (i + 2 < n) return at.w[i + 1] + at.estimate[i + 1];
  }
  template <std::size_t... i>
  NORMPROOF_INLINE static Numbers estimates(const State& at, double xi, double alpha, std::index_sequence<i...>) {
    return {((1 - alpha) * at.estimate[i] + alpha * statistic<i>(at, xi))...};
  }
  template <std::size_t... i>
  NORMPROOF_INLINE static Numbers moved(const Numbers& w, double by, std::index_sequence<i...>) {
    return {(w[i] - by)...};
  }

  // From layer `left` down to layer 1; `mean` is E e_left.
  template <std::size_t left>
  NORMPROOF_INLINE static double observe_errors(const State& before, const State& after, double mean,
                                                std::array<double, observables>& seen) {
    const double error = after.estimate[left - 1] - mean;
    seen[left - 1] = error * error;
    const double next_mean = before.w[left - 1] + mean;
    if constexpr (left == 1) {
      return next_mean;
    } else {
      return observe_errors<left - 1>(before, after, next_mean, seen);
    }
  }
};

}  // namespace normproof::simulation
