// What does one step of MCSGD do to the two-layer problem whose layers are affine and whose loss is quadratic?
//
// Source       LL19 (6) with n = 2 and scalar layers, Algorithm 2, Remark 1.
// Formulas     F₂(w₂; x; y) = a₂w₂ + b₂x + c₂y + d₂,   F₁(w₁; x; y) = ½ r²,  r = a₁w₁ + b₁x + c₁y + d₁,
//              e₁(x) = e₂(x) = x,   ξ Gaussian with mean m and standard deviation s.
//              ê₂ ← (1 − α)ê₂ + αξ,   ê₁ ← (1 − α)ê₁ + αF₂(w₂; ξ; ê₂), ê₂ as before the step;
//              then, at the new estimates,  g₁ = r a₁,   g₂ = r b₁ a₂ + r c₁ a₂,   x = F₂(w₂; ξ; ê₂) in r.
//              E e₂ = m,   E e₁(w) = x̄ := a₂w₂ + (b₂ + c₂)m + d₂,   r̄ := a₁w₁ + (b₁ + c₁)x̄ + d₁,
//              ∂f(w) = (a₁ r̄, (b₁ + c₁) a₂ r̄).
// Notation     `samples` is how many ξ a step draws. 1: one for both estimates and the oracle. 2: one for the
//              estimates, one for the oracle. 3: one for each estimate, ê₂ first, one for the oracle. Remark 1's ξ′ are
//              none of them: e is affine, so that D_j(ξ′) = 1 whatever ξ′ is.
// Why          Cheap enough that the engine is what a benchmark measures, and its moments are known without sampling.
//              The operations stand in the order of impl/reference's Algorithm 2, so that the bits can be compared.
#pragma once

#include <array>
#include <cstddef>

#include "proofs_checks/inputs/instruction_set.hpp"
#include "proofs_checks/simulation/schedule.hpp"

namespace normproof::simulation {

struct AffineLayer {
  double a = 0, b = 0, c = 0, d = 0;

  NORMPROOF_INLINE double operator()(double w, double x, double y) const { return a * w + b * x + c * y + d; }
};

template <std::size_t samples>
struct TwoLayerProblem {
  static_assert(samples >= 1 && samples <= 3);
  static constexpr std::size_t noises = samples;

  struct State {
    double w1 = 0, w2 = 0, estimate1 = 0, estimate2 = 0;
  };

  // What is seen of step k: |ê₁^(k+1) − E e₁(w^(k))|², |ê₂^(k+1) − E e₂|² and ‖∂f(w^(k))‖².
  enum Observable : std::size_t { squared_error_1, squared_error_2, squared_gradient, observables };

  AffineLayer first, second;  // F₁ is ½ first²
  double mean = 0, standard_deviation = 1;
  State start;

  NORMPROOF_INLINE State step(const State& at, const std::array<double, noises>& z, const Rates& rates) const {
    const double xi_2 = mean + standard_deviation * z[0];
    const double xi_1 = samples == 3 ? mean + standard_deviation * z[samples / 2] : xi_2;
    const double xi = samples == 1 ? xi_2 : mean + standard_deviation * z[samples - 1];
    State next;
    next.estimate2 = (1 - rates.alpha) * at.estimate2 + rates.alpha * xi_2;
    next.estimate1 = (1 - rates.alpha) * at.estimate1 + rates.alpha * second(at.w2, xi_1, at.estimate2);
    const double r = first(at.w1, second(at.w2, xi, next.estimate2), next.estimate1);
    next.w1 = at.w1 - rates.learning_rate * (r * first.a);
    next.w2 = at.w2 - rates.learning_rate * (r * first.b * second.a + r * first.c * second.a);
    return next;
  }

  std::array<double, observables> observe(const State& before, const State& after) const {
    const double x_mean = second(before.w2, mean, mean), r_mean = first(before.w1, x_mean, x_mean);
    const double error1 = after.estimate1 - x_mean, error2 = after.estimate2 - mean;
    const double by_w1 = first.a * r_mean, by_w2 = (first.b + first.c) * second.a * r_mean;
    std::array<double, observables> seen = {};
    seen[squared_error_1] = error1 * error1;
    seen[squared_error_2] = error2 * error2;
    seen[squared_gradient] = by_w1 * by_w1 + by_w2 * by_w2;
    return seen;
  }
};

}  // namespace normproof::simulation
