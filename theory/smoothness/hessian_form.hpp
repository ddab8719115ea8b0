// What is the quadratic form of the loss Hessian before batch normalization, in terms of the one after it?
//
// Source. SAN18 Theorem 4.2, both displays; WIKI, second inequality of its smoothness section.
// Notation. Ours | SAN18: x | y_j, x_hat | ŷ_j, y = gamma·x_hat + beta | z, g = dy = ∂L/∂z, d = dx | ∇_{y_j} L̂;
// H = ∂²L/∂z∂z at z, m = batch, s = √(biased_variance + eps) | σ. One channel at a time. For a direction v:
//   a = ⟨x_hat, v⟩/m,   w = v − mean(v)·1,   P v = w − a·x_hat
//   form(v)       = (1/s²) · ( gamma² (P v)ᵀH(P v) − 2 gamma a⟨g, w⟩ + 3 gamma a²⟨g, x_hat⟩ − (gamma/m)⟨g, x_hat⟩‖w‖² )
//   bound(ĝ, d)   = (gamma²/s²) dᵀHd − gamma/(m s²) · ⟨ĝ, x_hat⟩‖d‖²
//   bound_2(ĝ, d) = (gamma²/s²) ( ĝᵀHĝ − 1/(m gamma) · ⟨ĝ, x_hat⟩‖d‖² )
// Assumptions. m ≥ 1, s ≠ 0, gamma and beta constant, L twice differentiable at z; gamma ≠ 0 in bound_2. H is
// symmetric.
// Why. Along x + t v the centred input c moves by w, s s′ = ⟨c, w⟩/m gives s′ = a, and s′² + s s″ = ‖w‖²/m gives
// s″ = (‖w‖²/m − a²)/s. For x_hat = c/s therefore x_hat′ = P v/s and
//   x_hat″ = −2 w s′/s² + x_hat (2 s′²/s² − s″/s) = (1/s²)( −2 a w + x_hat (3 a² − ‖w‖²/m) ).
// form(v) = gamma² x_hat′ᵀ H x_hat′ + gamma⟨g, x_hat″⟩. Where ⟨1, v⟩ = ⟨x_hat, v⟩ = 0 one has a = 0 and P v = w = v:
// then form(v) = bound(g, v). At eps = 0 that is true of v = d.
#pragma once

#include "theory/smoothness/gradient_magnitude.hpp"

namespace normproof::theory {

template <class T>
T quadratic_form(const Matrix<T>& hessian, const Vector<T>& v) {
  T sum = T(0);
  for (Eigen::Index i = 0; i < v.size(); ++i)
    for (Eigen::Index k = 0; k < v.size(); ++k) sum += v(i) * hessian(i, k) * v(k);
  return sum;
}

template <class T>
T inner_product(const Vector<T>& a, const Vector<T>& b) {
  T sum = T(0);
  for (Eigen::Index i = 0; i < a.size(); ++i) sum += a(i) * b(i);
  return sum;
}

template <class T>
void require_form(const TrainingBatch<T>& b, const Matrix<T>& hessian, const Vector<T>& v) {
  if (v.size() != b.x.rows() || hessian.rows() != b.x.rows() || hessian.cols() != b.x.rows())
    throw std::invalid_argument("a direction and a Hessian need one entry per sample, and per pair of samples");
}

// form(v).
template <class T>
T hessian_form(const TrainingBatch<T>& b, int channel, const Matrix<T>& hessian, const Vector<T>& v) {
  require_channel(b, channel);
  require_form(b, hessian, v);
  const Statistics<T> st = statistics(b);
  const T m = T(b.batch());
  const Vector<T> x_hat = st.x_hat.col(channel), g = b.dy.col(channel);
  T sum = T(0);
  for (int i = 0; i < b.batch(); ++i) sum += v(i);
  const T a = inner_product(x_hat, v) / m;
  const T correlation = inner_product(g, x_hat);
  Vector<T> w(b.batch()), projected(b.batch());
  for (int i = 0; i < b.batch(); ++i) {
    w(i) = v(i) - sum / m;
    projected(i) = w(i) - a * x_hat(i);
  }
  const T gamma = b.gamma(channel), s = st.s(channel);
  T form = T(0);
  form += gamma * gamma * quadratic_form(hessian, projected);  // term: curvature_of_the_loss
  form -= T(2) * gamma * a * inner_product(g, w);              // term: turning
  form += T(3) * gamma * a * a * correlation;                  // term: shrinking
  form -= gamma * correlation * inner_product(w, w) / m;       // term: curvature_of_the_sphere
  return form / (s * s);
}

// bound(ĝ, d).
template <class T>
T hessian_bound(const TrainingBatch<T>& b, int channel, const Matrix<T>& hessian, const Vector<T>& g_hat,
                const Vector<T>& d) {
  require_channel(b, channel);
  require_form(b, hessian, d);
  const Statistics<T> st = statistics(b);
  const Vector<T> x_hat = st.x_hat.col(channel);
  const T gamma = b.gamma(channel), s = st.s(channel);
  T bound = T(0);
  bound += gamma * gamma * quadratic_form(hessian, d);                                // term: scaled_hessian
  bound -= gamma * inner_product(g_hat, x_hat) * inner_product(d, d) / T(b.batch());  // term: additive_decrease
  return bound / (s * s);
}

// bound_2(ĝ, d).
template <class T>
T second_hessian_bound(const TrainingBatch<T>& b, int channel, const Matrix<T>& hessian, const Vector<T>& g_hat,
                       const Vector<T>& d) {
  require_channel(b, channel);
  require_form(b, hessian, d);
  const Statistics<T> st = statistics(b);
  const Vector<T> x_hat = st.x_hat.col(channel);
  const T gamma = b.gamma(channel), s = st.s(channel);
  T bracket = T(0);
  bracket += quadratic_form(hessian, g_hat);                                              // term: hessian_at_g_hat
  bracket -= inner_product(g_hat, x_hat) * inner_product(d, d) / (T(b.batch()) * gamma);  // term: second_decrease
  return gamma * gamma * bracket / (s * s);
}

}  // namespace normproof::theory
