// How do the output and the weight gradient of a batch normalized linear layer answer when its weights are rescaled?
//
// Source. A consequence of LI23 Algorithm 1 and (44). WIKI's w̃ = γ w/‖w‖_S is the case eps = 0 of one unit.
// Notation. u: (batch, inputs); w: (units, inputs); x = u·wᵀ, one column per unit; s = √(var x + eps); g = dy;
// s_a = √(a²·var x + eps) for a number a:
//   ∂ℓ/∂w_jk         = Σ_i ∂ℓ/∂x_ij · u_ik
//   ⟨w_j, ∂ℓ/∂w_j⟩   = gamma_j · eps · s_j⁻² · Σ_i x_hat_ij g_ij
//   y(a·w) − y(w)    = gamma · x_hat · (a² − 1) · eps / (s_a·(a·s + s_a))
// Assumptions. s ≠ 0; in the last line a > 0.
// Why. ⟨w_j, ∂ℓ/∂w_j⟩ = Σ_i x_ij ∂ℓ/∂x_ij; as Σ_i ∂ℓ/∂x_ij = 0 this is s_j Σ_i x_hat_ij ∂ℓ/∂x_ij, and orthogonality.hpp
// says what that is. The last line: y(a·w) − beta = gamma·(a·s/s_a)·x_hat, and a·s − s_a = (a²s² − s_a²)/(a·s + s_a),
// a²s² − s_a² = (a² − 1)·eps.
#pragma once

#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/training_batch.hpp"

namespace normproof::theory {

// x = u·wᵀ.
template <class T>
Matrix<T> linear_output(const Matrix<T>& u, const Matrix<T>& w) {
  if (u.cols() != w.cols()) throw std::invalid_argument("the weights must have one column per input");
  const int batch = static_cast<int>(u.rows());
  const int units = static_cast<int>(w.rows());
  Matrix<T> x = zero_matrix<T>(batch, units);
  for (int j = 0; j < units; ++j)
    for (int i = 0; i < batch; ++i)
      for (int k = 0; k < static_cast<int>(u.cols()); ++k) x(i, j) += u(i, k) * w(j, k);
  return x;
}

// ∂ℓ/∂w, shaped like w; b.x is the output of the linear layer on u.
template <class T>
Matrix<T> weight_gradient(const TrainingBatch<T>& b, const Matrix<T>& u) {
  const Matrix<T> dx = compact_input_gradient(b);
  Matrix<T> dw = zero_matrix<T>(b.channels(), static_cast<int>(u.cols()));
  for (int j = 0; j < b.channels(); ++j)
    for (int k = 0; k < static_cast<int>(u.cols()); ++k)
      for (int i = 0; i < b.batch(); ++i) {
        dw(j, k) += dx(i, j) * u(i, k);  // term: weight_summand
      }
  return dw;
}

// ⟨w_j, ∂ℓ/∂w_j⟩ for each unit j.
template <class T>
Vector<T> radial_derivative(const TrainingBatch<T>& b) {
  const Statistics<T> st = statistics(b);
  Vector<T> radial = zero_vector<T>(b.channels());
  for (int j = 0; j < b.channels(); ++j) {
    const T weight = b.gamma(j) * b.eps / (st.s(j) * st.s(j));
    for (int i = 0; i < b.batch(); ++i) {
      radial(j) += weight * st.x_hat(i, j) * b.dy(i, j);  // term: radial_summand
    }
  }
  return radial;
}

// y(a·w) − y(w), where b.x is the output of the linear layer at w.
template <class T>
Matrix<T> change_by_rescaling(const TrainingBatch<T>& b, const T& a) {
  const Statistics<T> st = statistics(b);
  Matrix<T> change = st.x_hat;
  for (int j = 0; j < b.channels(); ++j) {
    const T radicand = a * a * st.biased_variance(j) + b.eps;
    const T s_a = sqrt(radicand);
    const T factor = b.gamma(j) * (a * a - T(1)) * b.eps / (s_a * (a * st.s(j) + s_a));
    for (int i = 0; i < b.batch(); ++i) change(i, j) = factor * st.x_hat(i, j);
  }
  return change;
}

}  // namespace normproof::theory
