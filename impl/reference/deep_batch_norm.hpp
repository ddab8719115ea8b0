// What does a deep fully connected network with batch norm compute, forward and backward, with and without skips?
//
// Source. WIKI, "Vanishing/exploding gradients"; formulas.md section 4 (Yang et al. 2019): ε = 0, no γ, β or bias.
//
//   block l = 0 … L−1    x_l = φ(BN(h_l)),   h_{l+1} = W_l x_l,   with skips  h_{l+1} = h_l + W_l x_l
//   output               BN(h_L)
//   nonlinearity         φ(u) = Σ_k c_k r^k, r = u or max{u, 0}: (0, 1) is a linear network, or ReLU where rectified
//
//   Backward, from ∂ℓ/∂output:
//     ∂ℓ/∂h_L by LI23 (9)–(14);   ∂ℓ/∂W_l = Σ_samples ∂ℓ/∂h_{l+1} x_lᵀ;   ∂ℓ/∂x_l = W_lᵀ ∂ℓ/∂h_{l+1};
//     ∂ℓ/∂h_l = (9)–(14) of φ′(BN(h_l)) ∂ℓ/∂x_l,   with skips  + ∂ℓ/∂h_{l+1}
//
// Notation. h, x, dh, dx: batch × channels, row-major. weights[l]: outputs × inputs, row-major. h₀, the input of the
// network, is what the first batch norm sees.
//
// Assumptions. No channel of an h is constant over the batch; skips only between layers of one width.
//
// Why blocks begin with batch norm: with and without skips it is one family, and the normalization sees the whole sum,
// as in residual networks.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "impl/reference/elementary.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

struct Nonlinearity {
  bool rectified = false;
  std::vector<int> coefficients = {0, 1};
};

template <class T>
T nonlinearity(const Nonlinearity& phi, const T& u) {
  const T r = phi.rectified ? relu(u) : u;
  T value = T(0);
  for (std::size_t k = phi.coefficients.size(); k-- > 0;) value = value * r + T(phi.coefficients[k]);
  return value;
}

template <class T>
T nonlinearity_slope(const Nonlinearity& phi, const T& u) {
  const T r = phi.rectified ? relu(u) : u;
  T value = T(0);
  for (std::size_t k = phi.coefficients.size(); k-- > 1;)
    value = value * r + T(static_cast<int>(k) * phi.coefficients[k]);
  return phi.rectified ? value * relu_slope(u) : value;
}

// BN(h), γ = 1, β = 0, ε = 0.
template <class T>
std::vector<T> deep_normalized(std::span<const T> h, Extents extents) {
  const std::vector<T> gamma(extents.columns(), T(1)), beta(extents.columns(), T(0));
  std::vector<T> normalized(extents.size(), T(0));
  batch_norm_train<T>(h, extents, gamma, beta, T(0), normalized);
  return normalized;
}

// x = φ(BN(h)).
template <class T>
std::vector<T> deep_layer_forward(const Nonlinearity& phi, std::span<const T> h, Extents extents) {
  std::vector<T> x = deep_normalized<T>(h, extents);
  for (T& value : x) value = nonlinearity<T>(phi, value);
  return x;
}

// ∂ℓ/∂h from ∂ℓ/∂BN(h).
template <class T>
std::vector<T> deep_normalized_backward(std::span<const T> h, std::span<const T> dnormalized, Extents extents) {
  const std::vector<T> gamma(extents.columns(), T(1));
  std::vector<T> dh(extents.size(), T(0)), dgamma(extents.columns(), T(0)), dbeta(extents.columns(), T(0));
  batch_norm_backward<T>(h, dnormalized, extents, gamma, T(0), dh, dgamma, dbeta);
  return dh;
}

// ∂ℓ/∂h from ∂ℓ/∂x.
template <class T>
std::vector<T> deep_layer_backward(const Nonlinearity& phi, std::span<const T> h, std::span<const T> dx,
                                   Extents extents) {
  assert(dx.size() == extents.size());
  std::vector<T> dnormalized = deep_normalized<T>(h, extents);
  for (std::size_t k = 0; k < dnormalized.size(); ++k)
    dnormalized[k] = nonlinearity_slope<T>(phi, dnormalized[k]) * dx[k];
  return deep_normalized_backward<T>(h, dnormalized, extents);
}

template <class T>
struct DeepNetwork {
  Nonlinearity phi;
  bool skips = false;
  std::vector<int> widths;              // of h₀ … h_L
  std::vector<std::vector<T>> weights;  // W₀ … W_{L−1}
};

template <class T>
struct DeepTrace {
  int batch = 0;
  std::vector<std::vector<T>> h;  // h₀ … h_L
  std::vector<std::vector<T>> x;  // x₀ … x_{L−1}
  std::vector<T> output;
};

template <class T>
struct DeepGradient {
  std::vector<std::vector<T>> h, weights;
};

template <class T>
DeepTrace<T> deep_forward(const DeepNetwork<T>& network, std::span<const T> h0, int batch) {
  assert(network.widths.size() == network.weights.size() + 1);
  DeepTrace<T> trace;
  trace.batch = batch;
  trace.h.emplace_back(h0.begin(), h0.end());
  for (std::size_t l = 0; l < network.weights.size(); ++l) {
    const Extents in{batch, network.widths[l]}, out{batch, network.widths[l + 1]};
    const std::vector<T>& w = network.weights[l];
    assert(trace.h[l].size() == in.size() && w.size() == in.columns() * out.columns());
    trace.x.push_back(deep_layer_forward<T>(network.phi, trace.h[l], in));
    std::vector<T> next = network.skips ? trace.h[l] : std::vector<T>(out.size(), T(0));
    assert(next.size() == out.size());
    for (std::size_t i = 0; i < out.rows(); ++i)
      for (std::size_t unit = 0; unit < out.columns(); ++unit) {
        T& sum = next[out.at(i, unit)];
        for (std::size_t j = 0; j < in.columns(); ++j) sum += w[unit * in.columns() + j] * trace.x[l][in.at(i, j)];
      }
    trace.h.push_back(std::move(next));
  }
  trace.output = deep_normalized<T>(trace.h.back(), {batch, network.widths.back()});
  return trace;
}

template <class T>
DeepGradient<T> deep_backward(const DeepNetwork<T>& network, const DeepTrace<T>& trace, std::span<const T> doutput) {
  const std::size_t depth = network.weights.size();
  DeepGradient<T> gradient;
  gradient.h.resize(depth + 1);
  gradient.weights.resize(depth);
  gradient.h[depth] = deep_normalized_backward<T>(trace.h[depth], doutput, {trace.batch, network.widths[depth]});
  for (std::size_t l = depth; l-- > 0;) {
    const Extents in{trace.batch, network.widths[l]}, out{trace.batch, network.widths[l + 1]};
    const std::vector<T>& w = network.weights[l];
    const std::vector<T>& upstream = gradient.h[l + 1];
    std::vector<T> dx(in.size(), T(0)), dweights(w.size(), T(0));
    for (std::size_t i = 0; i < out.rows(); ++i)
      for (std::size_t unit = 0; unit < out.columns(); ++unit) {
        const T& slope = upstream[out.at(i, unit)];
        for (std::size_t j = 0; j < in.columns(); ++j) {
          dx[in.at(i, j)] += slope * w[unit * in.columns() + j];
          dweights[unit * in.columns() + j] += slope * trace.x[l][in.at(i, j)];
        }
      }
    gradient.h[l] = deep_layer_backward<T>(network.phi, trace.h[l], dx, in);
    if (network.skips)
      for (std::size_t k = 0; k < in.size(); ++k) gradient.h[l][k] += upstream[k];
    gradient.weights[l] = std::move(dweights);
  }
  return gradient;
}

}  // namespace normproof::reference
