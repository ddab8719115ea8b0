// What are the expectations of LL19's Algorithm 2 on a chain of affine layers, step by step and without sampling?
//
// Source. LL19 (6), Algorithm 2, Remark 1, with n scalar layers and e_i(x) = x.
//
//   F_i(w_i; x; y) = a_i w_i + b_i x + c_i y + d_i,   F_1 = ½ r² with r = a_1 w_1 + b_1 x + c_1 y + d_1
//   2:  ê_i ← (1 − α) ê_i + α z_{i+1}(ξ_i),   z_{n+1}(ξ) = ξ,  z_i(ξ) = F_i(w_i; z_{i+1}(ξ); ê_i)      at the old ê
//   3:  g_i = v_i r(ξ),   v_i = a_i Π_{j<i} (b_j + c_j)                                                at the new ê
//   4:  w_i ← w_i − γ g_i
//   E e_i(w) = x̄_{i+1},  x̄_{n+1} = E ξ,  x̄_i = F_i(w_i; x̄_{i+1}; x̄_{i+1});   r̄ = r at x̄_2;   ∂f/∂w_i = v_i r̄
//
//   affine_chain_step returns, of step k: the moments of (w^(k+1), ê^(k+1)), E‖∂f(w^(k))‖², ‖E ∂f(w^(k))‖² (which no
//   distribution goes below), and E (ê_i^(k+1) − E e_i(w^(k)))² for every layer.
//
// Notation. layers[0] is F_1. The state lists w_1 … w_n, ê_1 … ê_n. Moments are the mean and the covariance. Remark 1's
// ξ′ do not matter: ∂_z e_j = 1 whatever they are.
//
// Assumptions. ξ has the given mean and variance, and each step draws anew; nothing else is asked of its distribution.
//
// Why. All that a step computes is affine in the old state and in what is drawn. So the algorithm is run once on affine
// forms, and the mean and covariance of a form follow from those of the state. The covariance, not E state², is
// carried: small errors would be differences of large numbers otherwise.
#pragma once

#include <array>
#include <cstddef>

#include "theory/elementary.hpp"

namespace normproof::theory {

template <class T>
struct AffineChainLayer {
  T a, b, c, d;
};

template <class T, std::size_t n>
struct AffineChain {
  std::array<AffineChainLayer<T>, n> layers;
  T mean, variance;  // of ξ
};

// Which ξ are one and the same in a step?
enum class SampleSharing {
  none,        // each estimate has its own, and the oracle
  estimates,   // one for all estimates, one for the oracle
  everything,  // one
};

template <class T, std::size_t n>
struct AffineChainMoments {
  std::array<T, 2 * n> mean;
  std::array<std::array<T, 2 * n>, 2 * n> covariance;
};

template <class T, std::size_t n>
struct AffineChainStep {
  AffineChainMoments<T, n> next;
  T squared_gradient;              // E‖∂f(w^(k))‖²
  T squared_mean_gradient;         // ‖E ∂f(w^(k))‖²
  std::array<T, n> squared_error;  // E (ê_i^(k+1) − E e_i(w^(k)))²
};

// Moments of a state that is known.
template <class T, std::size_t n>
AffineChainMoments<T, n> affine_chain_start(const std::array<T, n>& w, const std::array<T, n>& estimates) {
  AffineChainMoments<T, n> start;
  for (std::size_t i = 0; i < n; ++i) {
    start.mean[i] = w[i];
    start.mean[n + i] = estimates[i];
  }
  for (auto& row : start.covariance) row.fill(T(0));
  return start;
}

// v: ∂f/∂w_i = v_i r̄, and w moves along v only.
template <class T, std::size_t n>
std::array<T, n> affine_chain_direction(const AffineChain<T, n>& chain) {
  std::array<T, n> direction;
  T before = T(1);  // Π_{j<i} (b_j + c_j)
  for (std::size_t i = 0; i < n; ++i) {
    direction[i] = chain.layers[i].a * before;
    T factor = T(0);
    factor += chain.layers[i].b;  // term: through_input
    factor += chain.layers[i].c;  // term: through_expectation
    before *= factor;
  }
  return direction;
}

namespace affine_chain_detail {

// The number Σ_k coefficient[k]·state[k] + coefficient[2n] + Σ_s coefficient[2n + 1 + s]·(ξ_s − E ξ).
template <class T, std::size_t n>
using Form = std::array<T, 3 * n + 2>;

template <class T, std::size_t n>
Form<T, n> part_of_state(std::size_t k) {
  Form<T, n> form;
  form.fill(T(0));
  form[k] = T(1);
  return form;
}

template <class T, std::size_t n>
Form<T, n> known(const T& value) {
  Form<T, n> form;
  form.fill(T(0));
  form[2 * n] = value;
  return form;
}

// ξ_s.
template <class T, std::size_t n>
Form<T, n> sample(const AffineChain<T, n>& chain, std::size_t s) {
  Form<T, n> form = known<T, n>(chain.mean);
  form[2 * n + 1 + s] = T(1);
  return form;
}

template <class T, std::size_t n>
Form<T, n> layer_output(const AffineChainLayer<T>& layer, const Form<T, n>& w, const Form<T, n>& x,
                        const Form<T, n>& y) {
  Form<T, n> z = known<T, n>(T(0));
  for (std::size_t k = 0; k < z.size(); ++k) {
    z[k] += layer.a * w[k];  // term: weight
    z[k] += layer.b * x[k];  // term: input
    z[k] += layer.c * y[k];  // term: statistic
  }
  z[2 * n] += layer.d;  // term: offset
  return z;
}

// Which of the n + 1 samples of a step; the last is the oracle's own.
template <std::size_t n>
std::size_t sample_of_estimate(std::size_t i, SampleSharing sharing) {
  return sharing == SampleSharing::none ? i : 0;
}
template <std::size_t n>
std::size_t sample_of_oracle(SampleSharing sharing) {
  return sharing == SampleSharing::everything ? 0 : n;
}

template <class T, std::size_t n>
T mean_of(const Form<T, n>& form, const AffineChainMoments<T, n>& moments) {
  T mean = T(0);
  mean += form[2 * n];                                                        // term: known_part
  for (std::size_t k = 0; k < 2 * n; ++k) mean += form[k] * moments.mean[k];  // term: mean_of_state
  return mean;
}

// A form with the covariances that it has with the state.
template <class T, std::size_t n>
struct WithState {
  Form<T, n> form;
  std::array<T, 2 * n> covariance;

  WithState(const Form<T, n>& of, const AffineChainMoments<T, n>& moments) : form(of) {
    for (std::size_t k = 0; k < 2 * n; ++k) {
      covariance[k] = form[0] * moments.covariance[0][k];
      for (std::size_t l = 1; l < 2 * n; ++l) covariance[k] += form[l] * moments.covariance[l][k];
    }
  }
};

template <class T, std::size_t n>
T covariance_of(const WithState<T, n>& one, const Form<T, n>& other, const T& variance) {
  T by_samples = T(0), covariance = T(0);
  for (std::size_t s = 2 * n + 1; s < one.form.size(); ++s) by_samples += one.form[s] * other[s];
  for (std::size_t k = 0; k < 2 * n; ++k) covariance += one.covariance[k] * other[k];  // term: state
  covariance += by_samples * variance;                                                 // term: samples
  return covariance;
}

}  // namespace affine_chain_detail

template <class T, std::size_t n>
AffineChainStep<T, n> affine_chain_step(const AffineChain<T, n>& chain, const AffineChainMoments<T, n>& moments,
                                        const T& alpha, const T& learning_rate, SampleSharing sharing) {
  using namespace affine_chain_detail;
  using F = Form<T, n>;
  const std::array<T, n> direction = affine_chain_direction(chain);

  std::array<F, 2 * n> before, after;
  for (std::size_t k = 0; k < 2 * n; ++k) before[k] = part_of_state<T, n>(k);

  for (std::size_t i = 0; i < n; ++i) {
    F z = sample<T, n>(chain, sample_of_estimate<n>(i, sharing));
    for (std::size_t j = n; j-- > i + 1;) z = layer_output<T, n>(chain.layers[j], before[j], z, before[n + j]);
    for (std::size_t k = 0; k < z.size(); ++k) {
      after[n + i][k] = T(0);
      after[n + i][k] += (T(1) - alpha) * before[n + i][k];  // term: old_estimate
      after[n + i][k] += alpha * z[k];                       // term: new_statistic
    }
  }

  F r = sample<T, n>(chain, sample_of_oracle<n>(sharing));
  for (std::size_t j = n; j-- > 0;) r = layer_output<T, n>(chain.layers[j], before[j], r, after[n + j]);
  for (std::size_t i = 0; i < n; ++i) {
    after[i] = before[i];
    for (std::size_t k = 0; k < r.size(); ++k) after[i][k] -= learning_rate * direction[i] * r[k];  // term: descent
  }

  AffineChainStep<T, n> step;
  F exact = known<T, n>(chain.mean);  // x̄_{j+1}, and r̄ at last
  for (std::size_t j = n; j-- > 0;) {
    F error = after[n + j];
    for (std::size_t k = 0; k < error.size(); ++k) error[k] -= exact[k];  // term: expectation
    const WithState<T, n> with_state(error, moments);
    const T mean = mean_of<T, n>(error, moments);
    step.squared_error[j] = T(0);
    step.squared_error[j] += covariance_of<T, n>(with_state, error, chain.variance);  // term: variance_of_error
    step.squared_error[j] += mean * mean;                                             // term: squared_mean_error
    exact = layer_output<T, n>(chain.layers[j], before[j], exact, exact);
  }

  T squared_direction = T(0);
  for (const T& entry : direction) squared_direction += entry * entry;  // term: gradient_of_layer
  const WithState<T, n> residual(exact, moments);
  const T mean_residual = mean_of<T, n>(exact, moments);
  step.squared_mean_gradient = squared_direction * mean_residual * mean_residual;
  step.squared_gradient = T(0);
  step.squared_gradient += step.squared_mean_gradient;  // term: squared_mean
  step.squared_gradient += squared_direction * covariance_of<T, n>(residual, exact, chain.variance);  // term: variance

  for (std::size_t k = 0; k < 2 * n; ++k) {
    step.next.mean[k] = mean_of<T, n>(after[k], moments);
    const WithState<T, n> with_state(after[k], moments);
    for (std::size_t l = 0; l <= k; ++l) {
      step.next.covariance[k][l] = covariance_of<T, n>(with_state, after[l], chain.variance);
      step.next.covariance[l][k] = step.next.covariance[k][l];
    }
  }
  return step;
}

}  // namespace normproof::theory
