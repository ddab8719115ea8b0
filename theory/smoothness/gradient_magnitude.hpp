// How large is the gradient with respect to a layer's outputs once batch normalization follows them?
//
// Source. SAN18 (Santurkar et al., 2018) Theorem 4.1 (last factor 1/√m), LI23 Theorem 2.1 (53) and WIKI (last
// factor 1/m).
// Notation. Ours | SAN18: x | y_j, x_hat | ŷ_j, y = gamma·x_hat + beta | z, g = dy | ∂L̂/∂z, dx | ∇_{y_j} L̂;
// m = batch, s = √(biased_variance + eps) | σ_j. One channel at a time:
//   bound(c) = (gamma²/s²) · ( ‖g‖² − (1/m)⟨1, g⟩² − c·⟨g, x_hat⟩² ),     c = 1/m or 1/√m
// Assumptions. m ≥ 1, s ≠ 0, gamma and beta constant. g is the gradient at the activations y that the normalized
// network really has: "identical loss" is read as ∇L = g there. (For ∇L taken elsewhere put that gradient into dy.)
// Why. dx = (gamma/s)(g − mean(g)·1 − c₁·x_hat) with c₁ = ⟨g, x_hat⟩/m (batch_norm_compact.hpp). As ⟨1, x_hat⟩ = 0 and
// ‖x_hat‖² = m·biased_variance/s² = m(1 − eps/s²),
//   ‖g − mean(g)·1 − c₁·x_hat‖² = ‖g‖² − ⟨1, g⟩²/m − 2c₁⟨g, x_hat⟩ + c₁²‖x_hat‖²
//                               = ‖g‖² − ⟨1, g⟩²/m − (1/m)⟨g, x_hat⟩²·(1 + eps/s²).
// Therefore bound(1/m) − ‖dx‖² = (gamma²/s²)(1/m)(eps/s²)⟨g, x_hat⟩² = eps·r²/m with r = gamma·⟨g, x_hat⟩/s²: never
// negative, and 0 at eps = 0, where the inequality is an equality; while bound(1/√m) < ‖dx‖² at eps = 0 for every
// m ≥ 2 with gamma·⟨g, x_hat⟩ ≠ 0.
#pragma once

#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
struct GradientMagnitudeTerms {
  T scale;                // gamma²/s²
  T squared_norm;         // ‖g‖²
  T squared_sum;          // ⟨1, g⟩²
  T squared_correlation;  // ⟨g, x_hat⟩²
};

template <class T>
void require_channel(const TrainingBatch<T>& b, int channel) {
  if (channel < 0 || channel >= b.channels()) throw std::invalid_argument("there is no such channel in the batch");
}

template <class T>
GradientMagnitudeTerms<T> gradient_magnitude_terms(const TrainingBatch<T>& b, int channel) {
  require_channel(b, channel);
  const Statistics<T> st = statistics(b);
  T norm = T(0);
  T sum = T(0);
  T correlation = T(0);
  for (int i = 0; i < b.batch(); ++i) {
    const T g = b.dy(i, channel);
    norm += g * g;                            // term: norm_summand
    sum += g;                                 // term: sum_summand
    correlation += g * st.x_hat(i, channel);  // term: correlation_summand
  }
  const T ratio = b.gamma(channel) / st.s(channel);
  GradientMagnitudeTerms<T> out;
  out.scale = ratio * ratio;
  out.squared_norm = norm;
  out.squared_sum = sum * sum;
  out.squared_correlation = correlation * correlation;
  return out;
}

// bound(last_factor).
template <class T>
T gradient_magnitude_bound(const GradientMagnitudeTerms<T>& terms, int batch, const T& last_factor) {
  T bracket = T(0);
  bracket += terms.squared_norm;                       // term: squared_norm
  bracket -= terms.squared_sum / T(batch);             // term: squared_sum
  bracket -= last_factor * terms.squared_correlation;  // term: squared_correlation
  return terms.scale * bracket;
}

// r with eps·r²/m = bound(1/m) − ‖dx‖²: a square times eps/m, so the gap's sign needs no comparison.
template <class T>
T gradient_magnitude_gap_root(const TrainingBatch<T>& b, int channel) {
  require_channel(b, channel);
  const Statistics<T> st = statistics(b);
  T correlation = T(0);
  for (int i = 0; i < b.batch(); ++i) {
    correlation += b.dy(i, channel) * st.x_hat(i, channel);  // term: gap_summand
  }
  return b.gamma(channel) * correlation / (st.s(channel) * st.s(channel));
}

}  // namespace normproof::theory
