// What is the derivative of LL19's compositional objective in the parameters of layer i, as a product over the layers?
//
// Source. LL19 (7) and the display after it.
//
//   ∂f/∂w_i = E_ξ[ A_1 A_2 ⋯ A_{i−1} ∂_{w_i} F_i ],   A_j = ∂_x F_j + ∂_y F_j · E_{ξ′} D_j(ξ′),   D_j = ∂_z e_j
//
// Readings. What A_j is applied to, h, is a function of the sample:
//   operators   (A_j h)(ξ) = ∂_x F_j(ξ) h(ξ) + ∂_y F_j(ξ) E_{ξ′}[D_j(ξ′) h(ξ′)]
//   pointwise   (A_j h)(ξ) = (∂_x F_j(ξ) + ∂_y F_j(ξ) E_{ξ′} D_j(ξ′)) h(ξ)
//   They differ by ∂_y F_j(ξ) cov_{ξ′}(D_j, h).
//
// Notation. A function of the sample is the list of its values, one vector per sample; a derivative is the list of its
// Jacobians, rows for what is put out.
//
// Why. A layer's output at ξ depends on its input h at ξ itself, and through the expectation on h at every ξ′: the
// derivative of E_{ξ′} e_j(g(ξ′)) along h is E_{ξ′}[D_j(ξ′) h(ξ′)].
#pragma once

#include <cstddef>
#include <vector>

#include "theory/training_batch.hpp"

namespace normproof::theory {

// Jacobians of one layer at every sample.
template <class T>
struct LayerJacobians {
  std::vector<Matrix<T>> by_input;            // ∂_x F_j(w_j; x; y)
  std::vector<Matrix<T>> by_expectation;      // ∂_y F_j(w_j; x; y)
  std::vector<Matrix<T>> statistic_by_input;  // D_j
};

template <class T>
using SampleFunction = std::vector<Vector<T>>;

template <class T>
Vector<T> matrix_times(const Matrix<T>& matrix, const Vector<T>& vector) {
  Vector<T> product(matrix.rows());
  for (int r = 0; r < static_cast<int>(matrix.rows()); ++r) {
    product(r) = T(0);
    for (int c = 0; c < static_cast<int>(matrix.cols()); ++c) product(r) += matrix(r, c) * vector(c);
  }
  return product;
}

enum class Product { operators, pointwise };

// A_j h.
template <class T>
SampleFunction<T> apply_layer_derivative(const LayerJacobians<T>& layer, const SampleFunction<T>& h, Product product) {
  const std::size_t samples = h.size();
  const T count = T(static_cast<int>(samples));
  SampleFunction<T> result(samples);
  for (std::size_t at = 0; at < samples; ++at) {
    // E_{ξ′}[D_j(ξ′) h(ξ′)], or E_{ξ′}[D_j(ξ′)] h(ξ).
    Vector<T> moved = matrix_times<T>(layer.statistic_by_input[0], product == Product::operators ? h[0] : h[at]);
    for (std::size_t other = 1; other < samples; ++other) {
      const Vector<T> more =
          matrix_times<T>(layer.statistic_by_input[other], product == Product::operators ? h[other] : h[at]);
      for (int k = 0; k < static_cast<int>(moved.size()); ++k) moved(k) += more(k);  // term: other_samples
    }
    for (int k = 0; k < static_cast<int>(moved.size()); ++k) moved(k) /= count;
    const Vector<T> direct = matrix_times<T>(layer.by_input[at], h[at]);
    const Vector<T> through_expectation = matrix_times<T>(layer.by_expectation[at], moved);
    Vector<T> sum(direct.size());
    for (int k = 0; k < static_cast<int>(sum.size()); ++k) {
      sum(k) = T(0);
      sum(k) += direct(k);               // term: through_input
      sum(k) += through_expectation(k);  // term: through_expectation
    }
    result[at] = sum;
  }
  return result;
}

// ∂f/∂w_i along a direction: `h` is ∂_{w_i} F_i times it, `before` the layers 1 … i − 1 in that order.
template <class T>
T gradient_formula(const std::vector<LayerJacobians<T>>& before, SampleFunction<T> h, Product product) {
  for (std::size_t j = before.size(); j-- > 0;) h = apply_layer_derivative<T>(before[j], h, product);
  T sum = T(0);
  for (const Vector<T>& value : h) sum += value(0);
  return sum / T(static_cast<int>(h.size()));
}

}  // namespace normproof::theory
