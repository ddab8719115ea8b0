// What is the gradient of one hidden unit's weights under Gaussian data?
//
// Source. WIKI, neural networks (Kohler et al. 2018): f = E l(−yF(x)), F = Σ θ_i φ(xᵀw̃_i), φ = tanh, odd, y = ±1; with
// z = −yx this is f = E l(Σ θ_i φ(zᵀw̃_i)), z Gaussian, E z = u, E zzᵀ = S (`moments`).
// Notation. G(s₁, s₂, …) = l(Σ θ_i φ(s_i)); slope = E ∂_iG, bends_j = E ∂_i∂_jG at s_j = zᵀw̃_j.
//   unit_gradient   ∇_i f = (slope − Σ_j bends_j uᵀw̃_j) u + Σ_j bends_j Sw̃_j
// Why. Stein's identity for g(z) = ∂_iG: E[g z] = E g u + Σ E∇g, and ∇g = Σ_j ∂_i∂_jG w̃_j: every other unit's weights
// enter.
#pragma once

#include <vector>

#include "theory/decoupling/length_and_direction.hpp"

namespace normproof::theory {

template <class T>
Vector<T> unit_gradient(const Matrix<T>& moments, const Vector<T>& u, const std::vector<Vector<T>>& weights,
                        const T& slope, const std::vector<T>& bends) {
  if (weights.size() != bends.size()) throw std::invalid_argument("there must be one second derivative per unit");
  T first = slope;
  for (std::size_t j = 0; j < weights.size(); ++j) first -= bends[j] * plain_product<T>(u, weights[j]);
  Vector<T> out(u.size());
  for (Eigen::Index k = 0; k < u.size(); ++k) out(k) = first * u(k);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const Vector<T> turned = moment_times<T>(moments, weights[j]);
    for (Eigen::Index k = 0; k < u.size(); ++k) out(k) += bends[j] * turned(k);
  }
  return out;
}

}  // namespace normproof::theory
