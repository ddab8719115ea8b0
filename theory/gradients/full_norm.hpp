// What is the gradient through a full normalization layer when its statistics are those of the very batch it sees?
//
// Source. LL19 Algorithm 3, forward pass, at approximation rate α = 1: the layer B ↦ (B − μ)/√max{ν − μ², ε} with
// μ = mean(B), ν = mean_of_square(B). LL19 §4 (5): with B = {D} the batch is the whole data set.
// Notation. n entries share one μ and one ν: one feature's column (n = b), or the whole b×d block (n = b·d). Over them
//   v = ν − μ²,   s = √clamp_below(v, eps),   κ = clamp_below_slope(v, eps),   x_hat = (B − μ)/s,   g = g_out:
//   g_in_k = (1/s) · [ g_k − (1/n) Σ_i g_i − κ · x_hat_k · (1/n) Σ_i g_i x_hat_i ]
// Assumptions. n ≥ 1, s ≠ 0. At the kink v = eps no derivative exists; κ = 0 there by convention.
// Why. ∂μ/∂B_k = 1/n, ∂ν/∂B_k = 2B_k/n, so ∂v/∂B_k = 2(B_k − μ)/n and ∂s/∂B_k = κ·(1/2s)·2(B_k − μ)/n = κ·x_hat_k/n.
// Hence ∂out_i/∂B_k = ([i = k] − 1/n)/s − (B_i − μ)/s²·κ·x_hat_k/n = (1/s)·([i = k] − 1/n − κ·x_hat_i x_hat_k/n); sum
// with g_i. With an inactive clamp this is batch normalization at gamma = 1, eps = 0; with an active one the layer is
// an affine map of B − μ, so that only the mean of g is taken away. The first entry of the group is subtracted before
// squaring: that changes no value (training_batch.hpp says why, and what it saves in floating point).
#pragma once

#include "theory/training_batch.hpp"

namespace normproof::theory {

// Adds to g_in the gradient of the columns [first_column, first_column + columns), which share one μ and one ν.
template <class T>
void add_full_norm_group_gradient(const Matrix<T>& b_in, const Matrix<T>& g_out, const T& eps, int first_column,
                                  int columns, Matrix<T>& g_in) {
  const int batch = static_cast<int>(b_in.rows());
  const int end_column = first_column + columns;
  const T count = T(batch) * T(columns);
  const T origin = b_in(0, first_column);
  T sum = T(0);
  T sum_of_squares = T(0);
  for (int j = first_column; j < end_column; ++j)
    for (int i = 0; i < batch; ++i) {
      const T shifted = b_in(i, j) - origin;
      sum += shifted;
      sum_of_squares += shifted * shifted;
    }
  const T mean_of_shifted = sum / count;
  const T variance = sum_of_squares / count - mean_of_shifted * mean_of_shifted;
  const T clamped_variance = clamp_below(variance, eps);
  const T slope = clamp_below_slope(variance, eps);
  const T s = sqrt(clamped_variance);

  T sum_g = T(0);
  T sum_g_x_hat = T(0);
  for (int j = first_column; j < end_column; ++j)
    for (int i = 0; i < batch; ++i) {
      const T x_hat = ((b_in(i, j) - origin) - mean_of_shifted) / s;
      sum_g += g_out(i, j);
      sum_g_x_hat += g_out(i, j) * x_hat;
    }
  const T mean_g = sum_g / count;
  const T mean_g_x_hat = sum_g_x_hat / count;
  for (int j = first_column; j < end_column; ++j)
    for (int i = 0; i < batch; ++i) {
      const T x_hat = ((b_in(i, j) - origin) - mean_of_shifted) / s;
      T bracket = T(0);
      bracket += g_out(i, j);                   // term: upstream
      bracket -= mean_g;                        // term: mean_of_upstream
      bracket -= slope * x_hat * mean_g_x_hat;  // term: projection_on_x_hat
      g_in(i, j) += bracket / s;
    }
}

// μ and ν per feature.
template <class T>
Matrix<T> full_norm_input_gradient(const Matrix<T>& b_in, const Matrix<T>& g_out, const T& eps) {
  require_samples(b_in);
  require_same_shape(b_in, g_out);
  const int batch = static_cast<int>(b_in.rows());
  const int channels = static_cast<int>(b_in.cols());
  Matrix<T> g_in = zero_matrix<T>(batch, channels);
  for (int j = 0; j < channels; ++j) add_full_norm_group_gradient(b_in, g_out, eps, j, 1, g_in);
  return g_in;
}

// One μ and one ν for the whole b×d block.
template <class T>
Matrix<T> full_norm_block_input_gradient(const Matrix<T>& b_in, const Matrix<T>& g_out, const T& eps) {
  require_samples(b_in);
  require_same_shape(b_in, g_out);
  const int batch = static_cast<int>(b_in.rows());
  const int channels = static_cast<int>(b_in.cols());
  Matrix<T> g_in = zero_matrix<T>(batch, channels);
  if (channels > 0) add_full_norm_group_gradient(b_in, g_out, eps, 0, channels, g_in);
  return g_in;
}

}  // namespace normproof::theory
