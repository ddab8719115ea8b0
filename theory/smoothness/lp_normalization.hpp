// What does normalizing a batch by an average ℓp norm do to the gradient of the loss, p = 1, 2, ∞?
//
// Source. SAN18 §3.3: "schemes that fix the first order moment of the activations, as BatchNorm does, and then
// normalizes them by the average of their ℓp-norm (before shifting the mean), for p = 1, 2, ∞". It prints no theorem;
// these are the counterparts of its Theorem 4.1.
// Notation. Ours | SAN18: x | y_j, one output over the batch of m; mean | μ; centred = x − mean; g | ∂L/∂z.
//   norm(w)  = (1/m) Σ |w_i|,  √((1/m) Σ w_i²),  max |w_i|      w = x as printed ("before shifting"), or w = centred
//   x_hat    = centred/norm | ŷ_j,     z = gamma·x_hat + beta,     u = ∂norm/∂x (norm_gradient)
// Assumptions. norm ≠ 0, gamma and beta constant; for p = 1 no w_i = 0, for p = ∞ no tie for the largest |w_i|: there
// the norm has a kink, and u is one of its one-sided derivatives.
// Why. norm is homogeneous: ⟨u, w⟩ = norm. Of x itself u is sign(w)/m, w/(m·norm), or ±1 at the largest entry; of the
// centred batch each is centred once more. ∂x_hat_i/∂x_k = (δ_ik − 1/m − x_hat_i u_k)/norm gives, with s = ⟨g, x_hat⟩,
//   dx      = (gamma/norm)(g − mean(g)·1 − s·u)
//   ‖dx‖²   = (gamma²/norm²)( ‖g‖² − ⟨1, g⟩²/m − 2s⟨g − mean(g)·1, u⟩ + s²‖u‖² )
// For p = 2, u is w/(m·norm), whose centred part is x_hat/m and whose length is 1/√m, for both w: the last two terms
// are −s²/m, as for batch norm. For p = 1, ∞ they may be positive. Of a centred batch ⟨u, x_hat⟩ = 1 and ⟨u, 1⟩ = 0:
// then g ↦ g − s·u is an oblique projection of the vectors orthogonal to 1, and its norm is that of a projection along
// u onto x_hat's complement, ‖u‖‖x_hat‖ ≥ 1 (m ≥ 3):
//   ‖dx‖²  ≤  (gamma²/norm²) ‖u‖²‖x_hat‖² ( ‖g‖² − ⟨1, g⟩²/m )                                    oblique bound
// What is missing is the Gram determinant of (u, x_hat, g − mean(g)·1) plus ⟨u, g⟩²‖x_hat‖².
#pragma once

#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

enum class MeanNorm { l1, l2, linf };
enum class NormOf { raw, centred };

template <class T>
struct LpStatistics {
  T mean, norm;
  Vector<T> centred, x_hat, norm_gradient;
};

// 1 where x > 0, else −1.
template <class T>
T sign_of(const T& x) {
  return T(2) * clamp_below_slope(x, T(0)) - T(1);
}

// The norm of w, and its gradient in w.
template <class T>
T mean_norm(const Vector<T>& w, MeanNorm kind, Vector<T>& gradient) {
  const int batch = static_cast<int>(w.size());
  gradient = zero_vector<T>(batch);
  T norm = T(0);
  switch (kind) {
    case MeanNorm::l1:
      for (int i = 0; i < batch; ++i) {
        const T sign = sign_of(w(i));
        norm += sign * w(i) / T(batch);
        gradient(i) += sign / T(batch);  // term: sign
      }
      break;
    case MeanNorm::l2:
      for (int i = 0; i < batch; ++i) norm += w(i) * w(i) / T(batch);
      norm = sqrt(norm);
      for (int i = 0; i < batch; ++i) gradient(i) += w(i) / (T(batch) * norm);  // term: direction
      break;
    case MeanNorm::linf:
      for (int i = 0; i < batch; ++i) {
        const T sign = sign_of(w(i));
        const T size = sign * w(i);
        const T larger = i == 0 ? T(1) : clamp_below_slope(size, norm);
        norm = i == 0 ? size : clamp_below(size, norm);
        for (int k = 0; k < i; ++k) gradient(k) *= T(1) - larger;
        gradient(i) += larger * sign;  // term: largest
      }
      break;
  }
  return norm;
}

template <class T>
LpStatistics<T> lp_statistics(const Vector<T>& x, MeanNorm kind, NormOf of) {
  if (x.size() < 1) throw std::invalid_argument("a batch needs at least one sample");
  const int batch = static_cast<int>(x.size());
  LpStatistics<T> st;
  st.mean = T(0);
  for (int i = 0; i < batch; ++i) st.mean += x(i) / T(batch);
  st.centred = x;
  for (int i = 0; i < batch; ++i) st.centred(i) -= st.mean;
  st.norm = mean_norm(of == NormOf::raw ? x : st.centred, kind, st.norm_gradient);
  st.x_hat = st.centred;
  for (int i = 0; i < batch; ++i) st.x_hat(i) = st.x_hat(i) / st.norm;
  if (of == NormOf::centred) {
    T sum = T(0);
    for (int i = 0; i < batch; ++i) sum += st.norm_gradient(i);
    for (int i = 0; i < batch; ++i) st.norm_gradient(i) -= sum / T(batch);  // term: centred_once_more
  }
  return st;
}

template <class T>
T sum_of_products(const Vector<T>& a, const Vector<T>& b) {
  if (a.size() != b.size()) throw std::invalid_argument("the vectors must have one length");
  T sum = T(0);
  for (Eigen::Index i = 0; i < a.size(); ++i) sum += a(i) * b(i);
  return sum;
}

template <class T>
Vector<T> without_mean(const Vector<T>& g) {
  T sum = T(0);
  for (Eigen::Index i = 0; i < g.size(); ++i) sum += g(i);
  Vector<T> out = g;
  for (Eigen::Index i = 0; i < g.size(); ++i) out(i) -= sum / T(static_cast<int>(g.size()));
  return out;
}

// dx.
template <class T>
Vector<T> lp_input_gradient(const LpStatistics<T>& st, const Vector<T>& g, const T& gamma) {
  const Vector<T> centred_g = without_mean(g);
  const T correlation = sum_of_products(g, st.x_hat);
  Vector<T> dx = zero_vector<T>(static_cast<int>(g.size()));
  for (Eigen::Index i = 0; i < g.size(); ++i) {
    dx(i) += centred_g(i);                       // term: gradient_without_mean
    dx(i) -= correlation * st.norm_gradient(i);  // term: moving_norm
    dx(i) = gamma / st.norm * dx(i);
  }
  return dx;
}

// ‖dx‖² in closed form.
template <class T>
T lp_squared_gradient(const LpStatistics<T>& st, const Vector<T>& g, const T& gamma) {
  const Vector<T> centred_g = without_mean(g);
  const T correlation = sum_of_products(g, st.x_hat);
  T bracket = T(0);
  bracket += sum_of_products(centred_g, centred_g);                                            // term: lp_squared_norm
  bracket -= T(2) * correlation * sum_of_products(centred_g, st.norm_gradient);                // term: lp_cross
  bracket += correlation * correlation * sum_of_products(st.norm_gradient, st.norm_gradient);  // term: lp_square
  return gamma * gamma / (st.norm * st.norm) * bracket;
}

// Theorem 4.1 with norm in the place of σ_j: (gamma²/norm²)( ‖g‖² − ⟨1, g⟩²/m − last_factor·⟨g, x_hat⟩² ).
template <class T>
T lp_gradient_bound(const LpStatistics<T>& st, const Vector<T>& g, const T& gamma, const T& last_factor) {
  const Vector<T> centred_g = without_mean(g);
  const T correlation = sum_of_products(g, st.x_hat);
  T bracket = T(0);
  bracket += sum_of_products(centred_g, centred_g);    // term: bound_squared_norm
  bracket -= last_factor * correlation * correlation;  // term: bound_squared_correlation
  return gamma * gamma / (st.norm * st.norm) * bracket;
}

// The oblique bound.
template <class T>
T lp_oblique_bound(const LpStatistics<T>& st, const Vector<T>& g, const T& gamma) {
  const Vector<T> centred_g = without_mean(g);
  const T factor = sum_of_products(st.norm_gradient, st.norm_gradient) * sum_of_products(st.x_hat, st.x_hat);
  return gamma * gamma / (st.norm * st.norm) * factor * sum_of_products(centred_g, centred_g);
}

}  // namespace normproof::theory
