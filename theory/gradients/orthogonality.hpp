// By how much does the input gradient of batch normalization fail to be orthogonal to x_hat?
//
// Source. A consequence of LI23 (44), (45); the textbook value 0 is the case eps = 0.
// Notation. Per channel, g = dy, m = batch, dx = ∂ℓ/∂x, s = √(biased_variance + eps):
//   Σ_i dx_i = 0      and      Σ_i x_hat_i dx_i = gamma · eps · s⁻³ · Σ_i x_hat_i g_i
// Assumptions. m ≥ 1 and s ≠ 0.
// Why. Sum dx_i = (gamma/s)(g_i − mean(g) − x_hat_i·mean(g·x_hat)) over i: Σ x_hat_i = 0 leaves nothing. Multiply by
// x_hat_i first: (gamma/s)·(Σ x_hat_i g_i)·(1 − mean(x_hat²)), and mean(x_hat²) = biased_variance/s² = 1 − eps/s².
#pragma once

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
Vector<T> orthogonality_defect(const TrainingBatch<T>& b) {
  const Statistics<T> st = statistics(b);
  Vector<T> defect = zero_vector<T>(b.channels());
  for (int j = 0; j < b.channels(); ++j) {
    const T weight = b.gamma(j) * b.eps / (st.s(j) * st.s(j) * st.s(j));
    for (int i = 0; i < b.batch(); ++i) {
      defect(j) += weight * st.x_hat(i, j) * b.dy(i, j);  // term: defect_summand
    }
  }
  return defect;
}

}  // namespace normproof::theory
