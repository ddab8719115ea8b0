// What is the gradient of a loss through a batch normalization layer, in one closed form?
//
// Source. LI23 (44), (45) with j as the index of both sums (both are printed with a dummy index i under the last sum);
// LI23 (13), (14); WIKI, chain rule.
// Notation. Per channel, g = dy = ∂ℓ/∂y, m = batch, s = √(biased_variance + eps), y = gamma·x_hat + beta:
//   ∂ℓ/∂x_i   = (gamma/s) · [ g_i − (1/m) Σ_j g_j − x_hat_i · (1/m) Σ_j g_j x_hat_j ]
//   ∂ℓ/∂gamma = Σ_i g_i x_hat_i,      ∂ℓ/∂beta = Σ_i g_i
// Assumptions. m ≥ 1 and s ≠ 0; eps is a constant.
// Why. x_hat_j = (x_j − mean)/s, ∂mean/∂x_i = 1/m and ∂s/∂x_i = (1/2s)·2(x_i − mean)/m = x_hat_i/m (that the mean
// inside the variance moves too adds nothing, for Σ(x_j − mean) = 0). Therefore
//   ∂x_hat_j/∂x_i = ([i = j] − 1/m)/s − (x_j − mean)/s² · x_hat_i/m = (1/s)·([i = j] − 1/m − x_hat_i x_hat_j/m),
// which is symmetric in i and j; multiply by gamma·g_j and sum over j. eps enters through s alone.
#pragma once

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
Matrix<T> compact_input_gradient(const TrainingBatch<T>& b) {
  const Statistics<T> st = statistics(b);
  const int batch = b.batch();
  Matrix<T> dx(batch, b.channels());
  for (int j = 0; j < b.channels(); ++j) {
    T sum_dy = T(0);
    T sum_dy_x_hat = T(0);
    for (int i = 0; i < batch; ++i) {
      sum_dy += b.dy(i, j);
      sum_dy_x_hat += b.dy(i, j) * st.x_hat(i, j);
    }
    const T mean_dy = sum_dy / T(batch);
    const T mean_dy_x_hat = sum_dy_x_hat / T(batch);
    const T scale = b.gamma(j) / st.s(j);
    for (int i = 0; i < batch; ++i) {
      T sum = T(0);
      sum += b.dy(i, j);                      // term: upstream
      sum -= mean_dy;                         // term: mean_of_upstream
      sum -= st.x_hat(i, j) * mean_dy_x_hat;  // term: projection_on_x_hat
      dx(i, j) = scale * sum;
    }
  }
  return dx;
}

template <class T>
Vector<T> gamma_gradient(const TrainingBatch<T>& b) {
  const Statistics<T> st = statistics(b);
  Vector<T> dgamma = zero_vector<T>(b.channels());
  for (int j = 0; j < b.channels(); ++j)
    for (int i = 0; i < b.batch(); ++i) {
      dgamma(j) += b.dy(i, j) * st.x_hat(i, j);  // term: gamma_summand
    }
  return dgamma;
}

template <class T>
Vector<T> beta_gradient(const TrainingBatch<T>& b) {
  require_well_formed(b);
  Vector<T> dbeta = zero_vector<T>(b.channels());
  for (int j = 0; j < b.channels(); ++j)
    for (int i = 0; i < b.batch(); ++i) {
      dbeta(j) += b.dy(i, j);  // term: beta_summand
    }
  return dbeta;
}

}  // namespace normproof::theory
