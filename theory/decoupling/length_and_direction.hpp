// Which weights does a batch-normalized linear unit really have, as a function of a length and a direction?
//
// Source. WIKI, length–direction decoupling (Kohler et al. 2018): w̃ = γ w/‖w‖_S, ‖w‖_S = (wᵀSw)^(1/2), S = E xxᵀ.
// Notation. moments: S; w a direction of any length, gamma the length, g = ∇f at w̃ of any function f of the weights, v
// a direction of a derivative.
//   decoupled_weights       w̃ = γ w/√(wᵀSw + ε)                                        WIKI has ε = 0
//   along_direction         ∂f(w̃(w + tv, γ))/∂t at 0 = (γ/‖w‖_S) (vᵀg − (wᵀg)(vᵀSw)/‖w‖_S²),   ε = 0
//   along_length            ∂f(w̃(w, γ))/∂γ = wᵀg/‖w‖_S,                                        ε = 0
// Assumptions. S symmetric and wᵀSw > 0; that S is positive definite is not needed as long as Sw ≠ 0.
// Why. The derivative of γ w/‖w‖_S along v is (γ/‖w‖_S)(v − w (vᵀSw)/‖w‖_S²); along γ it is w/‖w‖_S.
#pragma once

#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

// mean xxᵀ over the samples, the rows of x.
template <class T>
Matrix<T> raw_moments(const Matrix<T>& x) {
  require_samples(x);
  const int samples = static_cast<int>(x.rows());
  const int features = static_cast<int>(x.cols());
  Matrix<T> out = zero_matrix<T>(features, features);
  for (int j = 0; j < features; ++j)
    for (int k = 0; k < features; ++k) {
      for (int i = 0; i < samples; ++i) out(j, k) += x(i, j) * x(i, k);
      out(j, k) /= T(samples);
    }
  return out;
}

template <class T>
T plain_product(const Vector<T>& a, const Vector<T>& b) {
  if (a.size() != b.size()) throw std::invalid_argument("two vectors of one length are multiplied");
  T sum = T(0);
  for (Eigen::Index k = 0; k < a.size(); ++k) sum += a(k) * b(k);
  return sum;
}

template <class T>
Vector<T> moment_times(const Matrix<T>& matrix, const Vector<T>& vector) {
  if (matrix.cols() != vector.size()) throw std::invalid_argument("a matrix and a vector that do not fit");
  Vector<T> out(matrix.rows());
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    out(i) = T(0);
    for (Eigen::Index k = 0; k < matrix.cols(); ++k) out(i) += matrix(i, k) * vector(k);
  }
  return out;
}

// aᵀSb.
template <class T>
T moment_product(const Matrix<T>& moments, const Vector<T>& a, const Vector<T>& b) {
  return plain_product<T>(a, moment_times(moments, b));
}

template <class T>
T moment_norm(const Matrix<T>& moments, const Vector<T>& w) {
  const T squared = moment_product(moments, w, w);
  return sqrt(squared);
}

template <class T>
Vector<T> decoupled_weights(const Matrix<T>& moments, const Vector<T>& w, const T& gamma, const T& eps = T(0)) {
  const T radicand = moment_product(moments, w, w) + eps;
  const T scale = gamma / sqrt(radicand);
  Vector<T> out(w.size());
  for (Eigen::Index k = 0; k < w.size(); ++k) out(k) = scale * w(k);
  return out;
}

template <class T>
T along_direction(const Matrix<T>& moments, const Vector<T>& w, const T& gamma, const Vector<T>& g,
                  const Vector<T>& v) {
  const T squared = moment_product(moments, w, w);
  const T turned = plain_product<T>(v, g) - plain_product<T>(w, g) * moment_product(moments, v, w) / squared;
  return gamma / sqrt(squared) * turned;
}

template <class T>
T along_length(const Matrix<T>& moments, const Vector<T>& w, const Vector<T>& g) {
  return plain_product<T>(w, g) / moment_norm(moments, w);
}

}  // namespace normproof::theory
