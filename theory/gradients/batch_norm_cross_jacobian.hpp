// How much does one sample's output move when another sample of its batch moves?
//
// Source. SAN18, appendix: ∂ŷ_i/∂y_k = (1/σ)([i = k] − 1/m − ŷ_i ŷ_k/m), here with eps, gamma and i ≠ k. NOTE15: "One
// sample's output is affected by other samples in the same batch."
// Notation. Per channel, m = batch, s = √(biased_variance + eps), y = gamma·x_hat + beta, i ≠ k:
//   ∂y_i/∂x_k = −(gamma/s) · (1 + x_hat_i x_hat_k)/m
// Assumptions. m ≥ 2 and s ≠ 0.
// Why. x_i itself does not move; the mean moves by 1/m and s by x_hat_k/m, so that x_hat_i = (x_i − mean)/s moves by
// −(1/m)/s − x_hat_i·(x_hat_k/m)/s.
#pragma once

#include "theory/training_batch.hpp"

namespace normproof::theory {

// ∂y_sample/∂x_other in one channel.
template <class T>
T cross_jacobian(const TrainingBatch<T>& b, const Statistics<T>& st, int sample, int other, int channel) {
  T sum = T(0);
  sum += T(1);                                                  // term: through_the_mean
  sum += st.x_hat(sample, channel) * st.x_hat(other, channel);  // term: through_the_deviation
  return -(b.gamma(channel) / st.s(channel)) * sum / T(b.batch());
}

}  // namespace normproof::theory
