// What does each line of the chain rule through a batch normalization layer say?
//
// Source. LI23 (9)–(12); WIKI, chain rule. (13) and (14) stand in batch_norm_compact.hpp.
// Notation. Per channel, with the layer as a graph whose nodes are μ, v(x, μ) = (1/m) Σ (x_i − μ)²,
// x_hat_i = (x_i − μ)/s, s = √(v + eps), y_i = gamma·x_hat_i + beta:
//   ∂ℓ/∂x_hat_i = gamma·dy_i                                                                                     (9)
//   ∂ℓ/∂v       = Σ_i ∂ℓ/∂x_hat_i · (x_i − μ) · (−1/2) s⁻³                                                      (10)
//   ∂ℓ/∂μ       = Σ_i ∂ℓ/∂x_hat_i · (−1/s)  +  ∂ℓ/∂v · (1/m) Σ_i −2(x_i − μ)                                    (11)
//   ∂ℓ/∂x_i     = ∂ℓ/∂x_hat_i · (1/s)  +  ∂ℓ/∂v · 2(x_i − μ)/m  +  ∂ℓ/∂μ · (1/m)                                (12)
// Assumptions. m ≥ 1 and s ≠ 0; eps is a constant.
// Why. (9)–(11) are the chain rule at the node named on the left, all nodes before it held fixed:
// ∂x_hat_i/∂v = (x_i − μ)·(−1/2)(v + eps)^(−3/2), ∂x_hat_i/∂μ at fixed v is −1/s, ∂v/∂μ = −(2/m) Σ (x_i − μ).
// (12) adds the three edges that leave x_i: into x_hat_i (1/s), into v at fixed μ (2(x_i − μ)/m), into μ (1/m).
// Nothing in (9)–(11) needs μ to be the batch mean, so (10) and (11) are also offered at a free μ: at the batch mean
// the last term of (11) is a zero that no check could tell from an absent one; elsewhere it is not, and (11) still is
// the derivative of ℓ by μ there.
#pragma once

#include "theory/training_batch.hpp"

namespace normproof::theory {

// (9); it depends on no statistic.
template <class T>
Matrix<T> x_hat_gradient(const TrainingBatch<T>& b) {
  require_well_formed(b);
  Matrix<T> dx_hat = zero_matrix<T>(b.batch(), b.channels());
  for (int j = 0; j < b.channels(); ++j)
    for (int i = 0; i < b.batch(); ++i) {
      dx_hat(i, j) += b.gamma(j) * b.dy(i, j);  // term: x_hat_upstream
    }
  return dx_hat;
}

// The values at the nodes v and s of one channel, and x − μ, when μ is free.
template <class T>
struct FreeMeanChannel {
  Vector<T> centred;  // x − μ
  T variance;         // (1/m) Σ (x_i − μ)²
  T s;                // √(variance + eps)
};

template <class T>
FreeMeanChannel<T> free_mean_channel(const TrainingBatch<T>& b, int channel, const T& free_mean) {
  FreeMeanChannel<T> out;
  out.centred = Vector<T>(b.batch());
  T sum_of_squares = T(0);
  for (int i = 0; i < b.batch(); ++i) {
    out.centred(i) = b.x(i, channel) - free_mean;
    sum_of_squares += out.centred(i) * out.centred(i);
  }
  out.variance = sum_of_squares / T(b.batch());
  const T radicand = out.variance + b.eps;
  out.s = sqrt(radicand);
  return out;
}

// (10) at a free μ, one per channel.
template <class T>
Vector<T> variance_gradient(const TrainingBatch<T>& b, const Vector<T>& free_mean) {
  const Matrix<T> dx_hat = x_hat_gradient(b);
  Vector<T> dvariance = zero_vector<T>(b.channels());
  for (int j = 0; j < b.channels(); ++j) {
    const FreeMeanChannel<T> at = free_mean_channel<T>(b, j, free_mean(j));
    const T slope = -(T(1) / T(2)) / (at.s * at.s * at.s);
    for (int i = 0; i < b.batch(); ++i) {
      dvariance(j) += dx_hat(i, j) * at.centred(i) * slope;  // term: variance_via_x_hat
    }
  }
  return dvariance;
}

// (11) at a free μ, one per channel.
template <class T>
Vector<T> mean_gradient(const TrainingBatch<T>& b, const Vector<T>& free_mean) {
  const Matrix<T> dx_hat = x_hat_gradient(b);
  const Vector<T> dvariance = variance_gradient(b, free_mean);
  Vector<T> dmean = zero_vector<T>(b.channels());
  for (int j = 0; j < b.channels(); ++j) {
    const FreeMeanChannel<T> at = free_mean_channel<T>(b, j, free_mean(j));
    T sum_dx_hat = T(0);
    T sum_centred = T(0);
    for (int i = 0; i < b.batch(); ++i) {
      sum_dx_hat += dx_hat(i, j);
      sum_centred += at.centred(i);
    }
    dmean(j) -= sum_dx_hat / at.s;                                   // term: mean_via_x_hat
    dmean(j) -= dvariance(j) * (T(2) * sum_centred / T(b.batch()));  // term: mean_via_variance
  }
  return dmean;
}

// (10) where LI23 states it: μ is the batch mean.
template <class T>
Vector<T> variance_gradient(const TrainingBatch<T>& b) {
  return variance_gradient(b, mean(b.x));
}

// (11) where LI23 states it, both terms: μ is the batch mean.
template <class T>
Vector<T> mean_gradient(const TrainingBatch<T>& b) {
  return mean_gradient(b, mean(b.x));
}

// (12).
template <class T>
Matrix<T> chain_input_gradient(const TrainingBatch<T>& b) {
  const Statistics<T> st = statistics(b);
  const Matrix<T> dx_hat = x_hat_gradient(b);
  const Vector<T> dvariance = variance_gradient(b, st.mean);
  const Vector<T> dmean = mean_gradient(b, st.mean);
  Matrix<T> dx = zero_matrix<T>(b.batch(), b.channels());
  for (int j = 0; j < b.channels(); ++j)
    for (int i = 0; i < b.batch(); ++i) {
      dx(i, j) += dx_hat(i, j) / st.s(j);                                   // term: input_via_x_hat
      dx(i, j) += dvariance(j) * (T(2) * st.centred(i, j) / T(b.batch()));  // term: input_via_variance
      dx(i, j) += dmean(j) / T(b.batch());                                  // term: input_via_mean
    }
  return dx;
}

}  // namespace normproof::theory
