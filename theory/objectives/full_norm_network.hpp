// What are the outputs and the objective of a network that is normalized by the statistics of the whole data set?
//
// Source. LL19 (1) with B = D, and (5).
// Notation. rows of g: the samples of D at a layer's input; w: outputs × (inputs + 1), the last column for the constant
// 1; per input: mean, variance = mean(g²) − mean(g)² over the rows.
//   layer      σ(Σ_j w_j (g_j − mean_j)/√radicand_j + w_last)
//   objective  (1/n) Σ_samples l(output, target)
// radicand is a function of the variance: the identity in (1), v ↦ v + ε in Algorithm 1, v ↦ max{v, ε} in Algorithm 3.
// Assumptions. At least one row; no radicand is 0. Activation, radicand and loss are functions that the caller gives.
// Why the matrix is not formed. Here the normalization acts on the samples; full_norm_reparametrization.hpp moves it
// into the weights.
#pragma once

#include <stdexcept>
#include <vector>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T, class Activation, class Radicand>
Matrix<T> full_norm_network_layer(const Matrix<T>& g, const Matrix<T>& w, Activation activation, Radicand radicand) {
  if (w.cols() != g.cols() + 1)
    throw std::invalid_argument("the weights must have one column more than there are inputs");
  const int samples = static_cast<int>(g.rows());
  const int inputs = static_cast<int>(g.cols());
  const int units = static_cast<int>(w.rows());
  const Vector<T> means = mean(g);
  const Vector<T> variances = biased_variance(g);
  Matrix<T> out = zero_matrix<T>(samples, units);
  for (int unit = 0; unit < units; ++unit) {
    for (int i = 0; i < samples; ++i) out(i, unit) = w(unit, inputs);
    for (int j = 0; j < inputs; ++j) {
      const T inside = radicand(variances(j));
      const T inv_root = T(1) / sqrt(inside);
      for (int i = 0; i < samples; ++i) {
        out(i, unit) += w(unit, j) * (g(i, j) - means(j)) * inv_root;  // term: input
      }
    }
    for (int i = 0; i < samples; ++i) out(i, unit) = activation(out(i, unit));
  }
  return out;
}

// weights[0] is the first layer's; `last` is the activation of the last layer.
template <class T, class Activation, class Last, class Radicand>
Matrix<T> full_norm_network(const Matrix<T>& x, const std::vector<Matrix<T>>& weights, Activation activation, Last last,
                            Radicand radicand) {
  if (weights.empty()) throw std::invalid_argument("a network needs a layer");
  Matrix<T> g = x;
  for (std::size_t k = 0; k + 1 < weights.size(); ++k)
    g = full_norm_network_layer<T>(g, weights[k], activation, radicand);
  return full_norm_network_layer<T>(g, weights.back(), last, radicand);
}

// (5) with l(o, t) = ½ Σ (o − t)².
template <class T>
T mean_squared_loss(const Matrix<T>& outputs, const Matrix<T>& targets) {
  require_same_shape(outputs, targets);
  T sum = T(0);
  for (int k = 0; k < static_cast<int>(outputs.cols()); ++k)
    for (int i = 0; i < static_cast<int>(outputs.rows()); ++i) {
      sum += (outputs(i, k) - targets(i, k)) * (outputs(i, k) - targets(i, k));  // term: error
    }
  return sum / T(2 * static_cast<int>(outputs.rows()));
}

}  // namespace normproof::theory
