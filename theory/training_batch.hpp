// What is a training batch, and what are its mean, its variance and its normalized values?
//
// Source. LI23 (X. Li, 2023) Algorithm 1; LL19 §4, var(r, B) := mean(r², B) − mean(r, B)²; LL19 Algorithm 1
// (ε in the root).
// Notation. Per channel, with sums over the m samples i of the batch:
//   mean = (1/m) Σ x_i,   biased_variance = (1/m) Σ x_i² − mean²,   s = √(biased_variance + eps),
//   centred_i = x_i − mean,   x_hat_i = centred_i / s.
// Assumptions. m ≥ 1. Where s = 0 (eps = 0 and a constant channel) x_hat is undefined, and is what the number type
// makes of a division by zero.
// Why the statistics shift their data. For every constant c, with d_i = x_i − c: mean(x) = c + mean(d), and
//   mean(d²) − mean(d)² = mean(x²) − 2c·mean(x) + c² − mean(x)² + 2c·mean(x) − c² = mean(x²) − mean(x)²,
// so the shift changes no value in exact arithmetic. In floating point the unshifted form loses a factor 1 + κ²
// with κ = |mean|/std. With c = x_1 that factor becomes 1 + (x_1 − mean)²/σ² ≤ m whatever κ is: the other m − 1
// deviations sum to −(x_1 − mean), so by Cauchy–Schwarz their squares sum to at least (x_1 − mean)²/(m − 1), and
// m σ² ≥ (x_1 − mean)²·m/(m − 1). A constant channel gets the variance 0 exactly.
#pragma once

#include <Eigen/Core>
#include <stdexcept>

#include "theory/elementary.hpp"

namespace normproof::theory {

template <class T>
using Matrix = Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic>;  // (batch, channels)

template <class T>
using Vector = Eigen::Array<T, Eigen::Dynamic, 1>;

template <class T>
struct TrainingBatch {
  Matrix<T> x, dy;        // the input, and ∂ℓ/∂y from upstream
  Vector<T> gamma, beta;  // one per channel
  T eps;                  // inside the root, always

  int batch() const { return static_cast<int>(x.rows()); }
  int channels() const { return static_cast<int>(x.cols()); }
};

template <class T>
struct Statistics {
  Vector<T> mean, biased_variance, s;  // s = √(biased_variance + eps)
  Matrix<T> centred, x_hat;            // x − mean, and (x − mean)/s
};

template <class T>
Vector<T> zero_vector(int size) {
  Vector<T> out(size);
  for (int j = 0; j < size; ++j) out(j) = T(0);
  return out;
}

template <class T>
Matrix<T> zero_matrix(int rows, int columns) {
  Matrix<T> out(rows, columns);
  for (int j = 0; j < columns; ++j)
    for (int i = 0; i < rows; ++i) out(i, j) = T(0);
  return out;
}

template <class T>
void require_samples(const Matrix<T>& x) {
  if (x.rows() < 1) throw std::invalid_argument("a batch needs at least one sample");
}

template <class T>
void require_same_shape(const Matrix<T>& x, const Matrix<T>& gradient) {
  if (x.rows() != gradient.rows() || x.cols() != gradient.cols())
    throw std::invalid_argument("the upstream gradient must have the shape of the input");
}

template <class T>
void require_well_formed(const TrainingBatch<T>& b) {
  require_samples(b.x);
  require_same_shape(b.x, b.dy);
  if (b.gamma.size() != b.x.cols() || b.beta.size() != b.x.cols())
    throw std::invalid_argument("gamma and beta must have one entry per channel");
}

template <class T>
Vector<T> mean(const Matrix<T>& x) {
  require_samples(x);
  const int batch = static_cast<int>(x.rows());
  const int channels = static_cast<int>(x.cols());
  Vector<T> out(channels);
  for (int j = 0; j < channels; ++j) {
    T sum = T(0);
    for (int i = 0; i < batch; ++i) sum += x(i, j);
    out(j) = sum / T(batch);
  }
  return out;
}

// LL19 §4 letter by letter, without a shift: mean(x²) − mean(x)².
template <class T>
Vector<T> biased_variance(const Matrix<T>& x) {
  const Vector<T> mean_of_x = mean(x);
  const int batch = static_cast<int>(x.rows());
  const int channels = static_cast<int>(x.cols());
  Vector<T> out(channels);
  for (int j = 0; j < channels; ++j) {
    T sum_of_squares = T(0);
    for (int i = 0; i < batch; ++i) sum_of_squares += x(i, j) * x(i, j);
    out(j) = sum_of_squares / T(batch) - mean_of_x(j) * mean_of_x(j);
  }
  return out;
}

template <class T>
Statistics<T> statistics(const TrainingBatch<T>& b) {
  require_well_formed(b);
  const int batch = b.batch();
  const int channels = b.channels();
  Statistics<T> out;
  out.mean = Vector<T>(channels);
  out.biased_variance = Vector<T>(channels);
  out.s = Vector<T>(channels);
  out.centred = Matrix<T>(batch, channels);
  out.x_hat = Matrix<T>(batch, channels);
  for (int j = 0; j < channels; ++j) {
    const T origin = b.x(0, j);
    T sum = T(0);
    T sum_of_squares = T(0);
    for (int i = 0; i < batch; ++i) {
      const T shifted = b.x(i, j) - origin;
      sum += shifted;
      sum_of_squares += shifted * shifted;
    }
    const T mean_of_shifted = sum / T(batch);
    out.mean(j) = origin + mean_of_shifted;
    out.biased_variance(j) = sum_of_squares / T(batch) - mean_of_shifted * mean_of_shifted;
    const T radicand = out.biased_variance(j) + b.eps;
    out.s(j) = sqrt(radicand);
    for (int i = 0; i < batch; ++i) {
      out.centred(i, j) = (b.x(i, j) - origin) - mean_of_shifted;
      out.x_hat(i, j) = out.centred(i, j) / out.s(j);
    }
  }
  return out;
}

}  // namespace normproof::theory
