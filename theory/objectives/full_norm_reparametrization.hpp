// Which weights turn the original network into the fully normalized one, and do both have the same optimal value?
//
// Source. LL19 (5) and the display after it: with B = {D} the normalization is absorbed into W′ = W·M(g, D).
// Notation. g_1 … g_n are a layer's n inputs as functions on the data set D, followed by the constant 1; mean_k and
// biased_variance_k are the statistics of g_k over D; s_k = √(biased_variance_k + eps); eps = 0 is the printed case.
//   M   = [ diag(1/s)  −mean/s ]        M⁻¹ = [ diag(s)  mean ]        det M = Π_k 1/s_k
//         [    0           1   ]              [   0       1   ]
// LL19's lower-case γ and g mean other things elsewhere: theory/README.md has the table.
// Assumptions. M exists iff every s_k ≠ 0: always for eps > 0, and for eps = 0 iff no g_k is constant on D. Where it
// exists it is invertible. The statistics are those of all of D: with several batches in B each has an M of its own,
// and no one W′ absorbs them.
// Why. Entry k of M·[g; 1] is (g_k − mean_k)/s_k and the last is 1, so W·[x_hat; 1] = (W·M)·[g; 1] for every sample at
// once. W ↦ W·M is then a bijection of the weight matrices onto themselves, so both objectives run through the same
// values, and have the same infimum. Over several layers: from the input up, each layer has the same outputs on all of
// D after its W is replaced, so the next layer's statistics are unchanged, and the argument repeats. At eps = 0 this
// joins the weights at which no unit is constant on D; full normalization is undefined at the others, and these do not
// lower the original's infimum: a constant unit's share can be moved into the bias of the next layer, its outgoing
// weights set to 0, and the unit itself made non-constant wherever its inputs and activation allow it.
#pragma once

#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
T full_norm_scale(const T& biased_variance, const T& eps) {
  const T radicand = biased_variance + eps;
  return sqrt(radicand);
}

template <class T>
void require_one_variance_per_mean(const Vector<T>& mean, const Vector<T>& biased_variance) {
  if (mean.size() != biased_variance.size()) throw std::invalid_argument("mean and variance must have the same length");
}

template <class T>
Matrix<T> reparametrization_map(const Vector<T>& mean, const Vector<T>& biased_variance, const T& eps) {
  require_one_variance_per_mean(mean, biased_variance);
  const int n = static_cast<int>(mean.size());
  Matrix<T> map = zero_matrix<T>(n + 1, n + 1);
  for (int k = 0; k < n; ++k) {
    const T s = full_norm_scale<T>(biased_variance(k), eps);
    map(k, k) = T(1) / s;
    map(k, n) = -mean(k) / s;
  }
  map(n, n) = T(1);
  return map;
}

template <class T>
Matrix<T> inverse_reparametrization_map(const Vector<T>& mean, const Vector<T>& biased_variance, const T& eps) {
  require_one_variance_per_mean(mean, biased_variance);
  const int n = static_cast<int>(mean.size());
  Matrix<T> map = zero_matrix<T>(n + 1, n + 1);
  for (int k = 0; k < n; ++k) {
    map(k, k) = full_norm_scale<T>(biased_variance(k), eps);
    map(k, n) = mean(k);
  }
  map(n, n) = T(1);
  return map;
}

// W·M.
template <class T>
Matrix<T> reparametrize(const Matrix<T>& w, const Matrix<T>& map) {
  if (w.cols() != map.rows()) throw std::invalid_argument("the weights must have one column per row of the map");
  const int rows = static_cast<int>(w.rows());
  const int inner = static_cast<int>(map.rows());
  const int columns = static_cast<int>(map.cols());
  Matrix<T> out = zero_matrix<T>(rows, columns);
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j)
      for (int k = 0; k < inner; ++k) out(i, j) += w(i, k) * map(k, j);
  return out;
}

// M is triangular: the product of its diagonal.
template <class T>
T map_determinant(const Vector<T>& biased_variance, const T& eps) {
  T determinant = T(1);
  for (int k = 0; k < static_cast<int>(biased_variance.size()); ++k)
    determinant /= full_norm_scale<T>(biased_variance(k), eps);
  return determinant;
}

}  // namespace normproof::theory
