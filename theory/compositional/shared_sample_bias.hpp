// By how much is LL19's oracle wrong in expectation if its layers share their samples?
//
// Source. LL19 Remark 1, last paragraph: "we often use the same ξ′ for each layer … this introduce some bias".
//
//   Three layers, one minibatch of ξ′ for layers 1 and 2, exact statistics; h = ∂_{w_3} F_3:
//     E g_3 − ∂f/∂w_3 = f_b · E[∂_y F_1] · cov(D_1 ∂_y F_2, D_2 h)                            shared_inner_bias
//   Two layers, the minibatch of ξ′ is that of ξ too; h = ∂_{w_2} F_2:
//     E g_2 − ∂f/∂w_2 = f_b · cov(∂_y F_1, D_1 h)                                             shared_everywhere_bias
//
// Notation. cov(A, h) = E[A h] − E[A] E[h], over the data. f_b = 1/b for minibatches of b independent samples of the N,
// (N − b)/(b(N − 1)) for b different ones.
//
// Why. The factors at ξ′ are means over the minibatch: E[mean A · mean h] = E[A] E[h] + f_b cov(A, h). There are two
// such means here; with three (a layer more) a term in 1/b² joins.
#pragma once

#include <cstddef>
#include <vector>

#include "theory/compositional/gradient_formula.hpp"

namespace normproof::theory {

template <class T>
T with_replacement_factor(int b) {
  return T(1) / T(b);
}

template <class T>
T without_replacement_factor(int population, int b) {
  return T(population - b) / (T(b) * T(population - 1));
}

template <class T>
Matrix<T> matrix_product(const Matrix<T>& a, const Matrix<T>& b) {
  Matrix<T> product(a.rows(), b.cols());
  for (int r = 0; r < static_cast<int>(a.rows()); ++r)
    for (int c = 0; c < static_cast<int>(b.cols()); ++c) {
      product(r, c) = T(0);
      for (int k = 0; k < static_cast<int>(a.cols()); ++k) product(r, c) += a(r, k) * b(k, c);
    }
  return product;
}

template <class Value, class T>
Value mean_of(const std::vector<Value>& values) {
  Value sum = values[0];
  for (std::size_t sample = 1; sample < values.size(); ++sample)
    for (int k = 0; k < static_cast<int>(sum.size()); ++k) sum(k) += values[sample](k);
  for (int k = 0; k < static_cast<int>(sum.size()); ++k) sum(k) /= T(static_cast<int>(values.size()));
  return sum;
}

// cov(A, h).
template <class T>
Vector<T> covariance(const std::vector<Matrix<T>>& a, const SampleFunction<T>& h) {
  SampleFunction<T> products;
  for (std::size_t sample = 0; sample < h.size(); ++sample) {
    products.push_back(matrix_times<T>(a[sample], h[sample]));
  }
  const Vector<T> of_product = mean_of<Vector<T>, T>(products);
  const Vector<T> of_means = matrix_times<T>(mean_of<Matrix<T>, T>(a), mean_of<Vector<T>, T>(h));
  Vector<T> result(of_product.size());
  for (int k = 0; k < static_cast<int>(result.size()); ++k) {
    result(k) = T(0);
    result(k) += of_product(k);  // term: mean_of_product
    result(k) -= of_means(k);    // term: product_of_means
  }
  return result;
}

template <class T>
SampleFunction<T> statistic_times(const LayerJacobians<T>& layer, const SampleFunction<T>& h) {
  SampleFunction<T> products;
  for (std::size_t sample = 0; sample < h.size(); ++sample) {
    products.push_back(matrix_times<T>(layer.statistic_by_input[sample], h[sample]));
  }
  return products;
}

// `before`: layers 1 and 2; without f_b.
template <class T>
T shared_inner_bias(const std::vector<LayerJacobians<T>>& before, const SampleFunction<T>& h) {
  std::vector<Matrix<T>> statistic_then_expectation;
  for (std::size_t sample = 0; sample < h.size(); ++sample) {
    statistic_then_expectation.push_back(
        matrix_product<T>(before[0].statistic_by_input[sample], before[1].by_expectation[sample]));
  }
  const Vector<T> moved = covariance<T>(statistic_then_expectation, statistic_times<T>(before[1], h));
  return matrix_times<T>(mean_of<Matrix<T>, T>(before[0].by_expectation), moved)(0);
}

// `before`: layer 1; without f_b.
template <class T>
T shared_everywhere_bias(const std::vector<LayerJacobians<T>>& before, const SampleFunction<T>& h) {
  return covariance<T>(before[0].by_expectation, statistic_times<T>(before[0], h))(0);
}

}  // namespace normproof::theory
