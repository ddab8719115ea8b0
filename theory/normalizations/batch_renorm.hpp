// How far is batch renormalization's training output from its inference formula, and what is its training gradient?
//
// Source. NOTE15 names batch renormalization; formulas, Ioffe 2017.
// Notation. Per channel; μ, σ the running mean and deviation, μ_B, s those of the batch (s = √(biased variance + eps)),
// x_hat = (x − μ_B)/s. Wanted: r* = s/σ, d* = (μ_B − μ)/σ; used: r and d, these within [1/r_max, r_max] and [−d_max,
// d_max]:
//   training output = gamma·(x − μ)/σ + beta + gamma·[(r − r*)·x_hat + (d − d*)]
//   ∂ℓ/∂x = r·(gamma/s)·[g − ⟨g⟩ − x_hat·⟨g x_hat⟩],  r and d constants
// Assumptions. s ≠ 0, σ ≠ 0, r_max ≥ 1, d_max ≥ 0.
// Why. r*·x_hat + d* = (x − μ_B)/σ + (μ_B − μ)/σ = (x − μ)/σ. With r and d held, the output is r·x_hat + d, and only
// x_hat depends on x: r times batch normalization's gradient.
#pragma once

#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
struct RunningDeviation {
  Vector<T> mean, deviation;  // μ, σ
};

template <class T>
struct Correction {
  T wanted, below, above;  // used = wanted + below − above; below: what is missing to the range, above: what exceeds it
  T used() const { return wanted + below - above; }
};

// `wanted` within [lo, hi].
template <class T>
Correction<T> limited_correction(const T& wanted, const T& lo, const T& hi) {
  const T raised = clamp_below(wanted, lo);
  const T room = clamp_below(hi - raised, T(0));
  return {wanted, raised - wanted, raised - (hi - room)};
}

template <class T>
Correction<T> scale_correction(const Statistics<T>& st, const RunningDeviation<T>& running, const T& r_max, int j) {
  return limited_correction<T>(st.s(j) / running.deviation(j), T(1) / r_max, r_max);
}

template <class T>
Correction<T> shift_correction(const Statistics<T>& st, const RunningDeviation<T>& running, const T& d_max, int j) {
  return limited_correction<T>((st.mean(j) - running.mean(j)) / running.deviation(j), -d_max, d_max);
}

template <class T>
Matrix<T> renorm_inference(const TrainingBatch<T>& b, const RunningDeviation<T>& running) {
  require_well_formed(b);
  Matrix<T> y(b.batch(), b.channels());
  for (int i = 0; i < b.batch(); ++i)
    for (int j = 0; j < b.channels(); ++j)
      y(i, j) = b.gamma(j) / running.deviation(j) * (b.x(i, j) - running.mean(j)) + b.beta(j);
  return y;
}

// Training output minus inference formula.
template <class T>
Matrix<T> renorm_defect(const TrainingBatch<T>& b, const RunningDeviation<T>& running, const T& r_max, const T& d_max) {
  const Statistics<T> st = statistics(b);
  Matrix<T> defect = zero_matrix<T>(b.batch(), b.channels());
  for (int j = 0; j < b.channels(); ++j) {
    const Correction<T> r = scale_correction(st, running, r_max, j);
    const Correction<T> d = shift_correction(st, running, d_max, j);
    for (int i = 0; i < b.batch(); ++i) {
      defect(i, j) += b.gamma(j) * r.below * st.x_hat(i, j);  // term: scale_raised
      defect(i, j) -= b.gamma(j) * r.above * st.x_hat(i, j);  // term: scale_lowered
      defect(i, j) += b.gamma(j) * d.below;                   // term: shift_raised
      defect(i, j) -= b.gamma(j) * d.above;                   // term: shift_lowered
    }
  }
  return defect;
}

template <class T>
Matrix<T> renorm_input_gradient(const TrainingBatch<T>& b, const Vector<T>& r) {
  Matrix<T> dx = compact_input_gradient(b);
  for (int i = 0; i < b.batch(); ++i)
    for (int j = 0; j < b.channels(); ++j) dx(i, j) *= r(j);
  return dx;
}

}  // namespace normproof::theory
