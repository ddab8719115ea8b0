// How does the gradient of one layer of a deep affine network change once the layers before it are updated?
//
// Source. SAN18 Definition 2.1, G_{t,i} − G′_{t,i}, LI23 (50), (51), for a network of affine layers (SAN18's deep
// linear networks, with bias or without) and the loss (1/2m) Σ ‖f(x) − target‖².
// Notation. A layer's weights W: outputs × (inputs + 1), the bias in the last column. x̃ = [x; 1],
//   C = (1/m) Σ x̃ x̃ᵀ,   B = (1/m) Σ target x̃ᵀ
//   A   the layers before layer i as one matrix on x̃, its last row 0 … 0 1;   A′ = A − D the same after their update
//   R   the layers after layer i as one matrix, its bias column left out;   F = R W A + (what the later biases add)
// Assumptions. Weights of layer i and after are as before the update: this is the definition.
// Why. The gradient of layer i is Rᵀ(F C − B)Aᵀ, linear in A on the right and through F. The last row of D is 0, so
// that F changes by R W D, and with E = F C − B
//   G_i − G′_i = Rᵀ( E Dᵀ + R W D C Aᵀ − R W D C Dᵀ ).
// With D = 0 (the first layer; a step of length 0) nothing changes. For a small step D is linear in its length, and so
// are the first two terms; the third is of second order.
#pragma once

#include <stdexcept>
#include <vector>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
Matrix<T> matrix_product(const Matrix<T>& a, const Matrix<T>& b) {
  if (a.cols() != b.rows()) throw std::invalid_argument("the matrices do not chain");
  Matrix<T> out = zero_matrix<T>(static_cast<int>(a.rows()), static_cast<int>(b.cols()));
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < b.cols(); ++j)
      for (Eigen::Index k = 0; k < a.cols(); ++k) out(i, j) += a(i, k) * b(k, j);
  return out;
}

template <class T>
Matrix<T> transposed(const Matrix<T>& a) {
  Matrix<T> out = zero_matrix<T>(static_cast<int>(a.cols()), static_cast<int>(a.rows()));
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < a.cols(); ++j) out(j, i) = a(i, j);
  return out;
}

// W with the row 0 … 0 1 below: the layer as a map from [input; 1] to [output; 1].
template <class T>
Matrix<T> with_constant(const Matrix<T>& weights) {
  const int rows = static_cast<int>(weights.rows()), columns = static_cast<int>(weights.cols());
  Matrix<T> out = zero_matrix<T>(rows + 1, columns);
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) out(i, j) = weights(i, j);
  out(rows, columns - 1) = T(1);
  return out;
}

template <class T>
Matrix<T> without_last_column(const Matrix<T>& a) {
  Matrix<T> out = zero_matrix<T>(static_cast<int>(a.rows()), static_cast<int>(a.cols()) - 1);
  for (Eigen::Index i = 0; i < out.rows(); ++i)
    for (Eigen::Index j = 0; j < out.cols(); ++j) out(i, j) = a(i, j);
  return out;
}

// C and B of a batch: x is batch × inputs, target batch × outputs.
template <class T>
struct SecondMoments {
  Matrix<T> of_inputs, with_targets;
};
template <class T>
SecondMoments<T> second_moments(const Matrix<T>& x, const Matrix<T>& target) {
  require_samples(x);
  if (target.rows() != x.rows()) throw std::invalid_argument("there must be a target for every sample");
  const int batch = static_cast<int>(x.rows()), inputs = static_cast<int>(x.cols());
  Matrix<T> extended = zero_matrix<T>(batch, inputs + 1);
  for (int i = 0; i < batch; ++i) {
    for (int j = 0; j < inputs; ++j) extended(i, j) = x(i, j);
    extended(i, inputs) = T(1);
  }
  SecondMoments<T> out = {matrix_product(transposed(extended), extended), matrix_product(transposed(target), extended)};
  for (Matrix<T>* moments : {&out.of_inputs, &out.with_targets})
    for (Eigen::Index k = 0; k < moments->size(); ++k) (*moments)(k) = (*moments)(k) / T(batch);
  return out;
}

// The gradient of layer `layer`, and its change once the layers before it have the weights `updated`.
template <class T>
struct LayerShift {
  Matrix<T> gradient;                   // G
  Matrix<T> first_order, second_order;  // G − G′ = first_order − second_order
};
template <class T>
LayerShift<T> affine_network_shift(const std::vector<Matrix<T>>& weights, const std::vector<Matrix<T>>& updated,
                                   int layer, const Matrix<T>& x, const Matrix<T>& target) {
  const int layers = static_cast<int>(weights.size());
  if (layer < 0 || layer >= layers || updated.size() < static_cast<std::size_t>(layer))
    throw std::invalid_argument("there is no such layer, or no update of a layer before it");
  const auto at = [](const std::vector<Matrix<T>>& list, int k) { return list[static_cast<std::size_t>(k)]; };
  const SecondMoments<T> moments = second_moments(x, target);

  const int inputs = static_cast<int>(x.cols());
  Matrix<T> before = zero_matrix<T>(inputs + 1, inputs + 1);
  for (int k = 0; k <= inputs; ++k) before(k, k) = T(1);
  Matrix<T> change = zero_matrix<T>(inputs + 1, inputs + 1);  // D
  Matrix<T> before_updated = before;
  for (int l = 0; l < layer; ++l) {
    before = matrix_product(with_constant(at(weights, l)), before);
    before_updated = matrix_product(with_constant(at(updated, l)), before_updated);
    change = before;
    for (Eigen::Index k = 0; k < change.size(); ++k) change(k) -= before_updated(k);
  }

  // From the last layer down: R, and F from the whole composition.
  Matrix<T> network = before;
  for (int l = layer; l < layers; ++l) network = matrix_product(with_constant(at(weights, l)), network);
  const int outputs = static_cast<int>(target.cols());
  Matrix<T> error = zero_matrix<T>(outputs, inputs + 1);  // E
  const Matrix<T> predicted = matrix_product(network, moments.of_inputs);
  for (int i = 0; i < outputs; ++i)
    for (int j = 0; j <= inputs; ++j) error(i, j) = predicted(i, j) - moments.with_targets(i, j);
  Matrix<T> after = zero_matrix<T>(outputs, outputs);
  for (int k = 0; k < outputs; ++k) after(k, k) = T(1);
  for (int l = layers - 1; l > layer; --l) after = matrix_product(after, without_last_column(at(weights, l)));

  const Matrix<T> back = transposed(after);
  const Matrix<T> moved =
      matrix_product(matrix_product(matrix_product(after, at(weights, layer)), change), moments.of_inputs);
  LayerShift<T> shift;
  shift.gradient = matrix_product(back, matrix_product(error, transposed(before)));
  Matrix<T> first = zero_matrix<T>(outputs, static_cast<int>(before.rows()));
  const Matrix<T> through_input = matrix_product(error, transposed(change));
  const Matrix<T> through_output = matrix_product(moved, transposed(before));
  for (Eigen::Index k = 0; k < first.size(); ++k) {
    first(k) += through_input(k);   // term: shift_of_the_input
    first(k) += through_output(k);  // term: shift_of_the_error
  }
  shift.first_order = matrix_product(back, first);
  shift.second_order = matrix_product(back, matrix_product(moved, transposed(change)));
  return shift;
}

// G − G′.
template <class T>
Matrix<T> gradient_change(const LayerShift<T>& shift) {
  Matrix<T> out = zero_matrix<T>(static_cast<int>(shift.gradient.rows()), static_cast<int>(shift.gradient.cols()));
  for (Eigen::Index k = 0; k < out.size(); ++k) {
    out(k) += shift.first_order(k);   // term: shift_of_first_order
    out(k) -= shift.second_order(k);  // term: shift_of_second_order
  }
  return out;
}

}  // namespace normproof::theory
