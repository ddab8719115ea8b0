// What does one step of MCSGD do to a chain of n affine scalar layers under a quadratic loss?
//
// Source       LL19 (6) with scalar layers, Algorithm 2, Remark 1.
// Formulas     Fᵢ(wᵢ; x; y) = aᵢwᵢ + bᵢx + cᵢy + dᵢ, but F₁ = ½ r², r = a₁w₁ + b₁x + c₁y + d₁;   eᵢ(x) = x.
//              êᵢ ← (1 − α)êᵢ + αxᵢ,   xₙ = ξ,   xᵢ = Fᵢ₊₁(wᵢ₊₁; xᵢ₊₁; êᵢ₊₁), the estimates as before the step;
//              then, at the new estimates, r at the oracle's ξ and
//                g₁ = r a₁,   g₂ = (r b₁ + r c₁) a₂,   g₃ = (r b₁b₂ + r c₁b₂ + r b₁c₂ + r c₁c₂) a₃.
//              E eₙ = m,   E eᵢ(w) = x̄ᵢ := aᵢ₊₁wᵢ₊₁ + (bᵢ₊₁ + cᵢ₊₁) x̄ᵢ₊₁ + dᵢ₊₁,   x̄ₙ = m,
//              r̄ := a₁w₁ + (b₁ + c₁) x̄₁ + d₁,   f(w) = ½ r̄² + ½ (b₁⋯bₙ s)²,
//              ∂ᵢf(w) = r̄ (b₁ + c₁) ⋯ (bᵢ₋₁ + cᵢ₋₁) aᵢ.
// Notation     ξ has mean m and standard deviation s; Sharing says which layers take the same one. Remark 1's ξ′ are
//              none of them: e is affine, so that D_j(ξ′) = 1 whatever ξ′ is.
// Why          The state is affine in the state before and ξ but for r's products with constants: second moments obey a
//              closed linear recursion, and what is sampled here is known there without sampling.
//              The operations stand in the order of impl/reference's Algorithm 2, so that the bits can be compared.
//              TwoLayerProblem is the instance n = 2 with Gaussian noise, to the bit (a test says so). It stays: its
//              names w1, w2, first, second are the two-layer problem's own, and it is what the benchmark measures.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "proofs_checks/inputs/instruction_set.hpp"
#include "proofs_checks/simulation/noise.hpp"
#include "proofs_checks/simulation/schedule.hpp"
#include "proofs_checks/simulation/two_layer.hpp"

namespace normproof::simulation {

template <std::size_t n, Sharing sharing, Noise noise>
struct AffineChainProblem {
  static_assert(n >= 1 && n <= 3);
  static constexpr std::size_t layers_count = n, noises = samples_of(sharing, n);

  struct State {
    std::array<double, n> w = {}, estimate = {};  // w₁ … wₙ, ê₁ … êₙ
  };

  // What is seen of step k: |êᵢ^(k+1) − E eᵢ(w^(k))|², at i − 1, and ‖∂f(w^(k))‖².
  static constexpr std::size_t squared_error_1 = 0, squared_gradient = n, observables = n + 1;

  std::array<AffineLayer, n> layers = {};  // F₁ is ½ layers[0]²
  Sampler<noise> sample;
  State start;

  NORMPROOF_INLINE State step(const State& at, const std::array<double, noises>& z, const Rates& rates) const {
    constexpr std::make_index_sequence<n> all = {};
    State next;
    next.estimate = estimates(at, z, rates.alpha, all);
    const double xi = sample(z[sample_of_oracle(sharing, n)]);
    const double r = layers[0](at.w[0], input<0>(at.w, next.estimate, xi), next.estimate[0]);
    next.w = descended(at.w, gradient(r), rates.learning_rate, all);
    return next;
  }

  NORMPROOF_INLINE std::array<double, observables> observe(const State& before, const State& after) const {
    std::array<double, observables> seen = {};
    const double mean = observe_errors<n>(before, after, sample.mean, seen);
    const double r = layers[0](before.w[0], mean, mean);
    double factor = r, square = 0;
    add_squares(factor, square, std::make_index_sequence<n>());
    seen[squared_gradient] = square;
    return seen;
  }

 private:
  using Numbers = std::array<double, n>;

  // What layer i + 1 is applied to at the sample ξ.
  template <std::size_t i>
  NORMPROOF_INLINE double input(const Numbers& w, const Numbers& estimate, double xi) const {
    if constexpr (i + 1 == n) {
      return xi;
    } else {
      return layers[i + 1](w[i + 1], input<i + 1>(w, estimate, xi), estimate[i + 1]);
    }
  }

  template <std::size_t... i>
  NORMPROOF_INLINE Numbers estimates(const State& at, const std::array<double, noises>& z, double alpha,
                                     std::index_sequence<i...>) const {
    return {((1 - alpha) * at.estimate[i] +
             alpha * input<i>(at.w, at.estimate, sample(z[sample_of_estimate(sharing, n, i)])))...};
  }

  // Along ξ itself a layer passes on b, where its estimate hands over c; behind layer 1 both go on by b, and each hands
  // over c to the same sum.
  NORMPROOF_INLINE Numbers gradient(double r) const {
    Numbers g = {};
    g[0] = r * layers[0].a;
    if constexpr (n > 1) {
      const double along = r * layers[0].b, handed_over = r * layers[0].c;
      g[1] = along * layers[1].a + handed_over * layers[1].a;
      if constexpr (n > 2) {
        const double once_more = along * layers[1].c + handed_over * layers[1].c;
        g[2] = along * layers[1].b * layers[2].a + handed_over * layers[1].b * layers[2].a + once_more * layers[2].a;
      }
    }
    return g;
  }

  template <std::size_t... i>
  NORMPROOF_INLINE static Numbers descended(const Numbers& w, const Numbers& g, double rate,
                                            std::index_sequence<i...>) {
    return {(w[i] - rate * g[i])...};
  }

  // From layer `left` down to layer 1; `mean` is E e_left. Gives E e₁.
  template <std::size_t left>
  NORMPROOF_INLINE double observe_errors(const State& before, const State& after, double mean,
                                         std::array<double, observables>& seen) const {
    const double error = after.estimate[left - 1] - mean;
    seen[left - 1] = error * error;
    if constexpr (left == 1) {
      return mean;
    } else {
      return observe_errors<left - 1>(before, after, layers[left - 1](before.w[left - 1], mean, mean), seen);
    }
  }

  template <std::size_t... i>
  NORMPROOF_INLINE void add_squares(double& factor, double& square, std::index_sequence<i...>) const {
    (add_square(layers[i], factor, square), ...);
  }
  NORMPROOF_INLINE static void add_square(const AffineLayer& layer, double& factor, double& square) {
    square += factor * layer.a * (factor * layer.a);
    factor *= layer.b + layer.c;
  }
};

}  // namespace normproof::simulation
