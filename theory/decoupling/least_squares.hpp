// What is least squares in terms of a length and a direction, and how fast does descent on the direction go?
//
// Source. WIKI, least squares (Kohler et al. 2018, Theorem 1).
// Notation. S = E xxᵀ, u = E[−yx]; targets y, power E y². f(w̃) = E(y − xᵀw̃)².
//   expanded            f(w̃) = E y² + 2uᵀw̃ + w̃ᵀSw̃
//   of_length           f(γ w/‖w‖_S) = E y² + 2γ uᵀw/‖w‖_S + γ²
//   best_length         γ* = −uᵀw/‖w‖_S, where that is least
//   quotient            ρ(w) = −(uᵀw)²/(wᵀSw) = f at γ*, less E y²
//   smallest_quotient   ρ* = −vᵀSv for u = Sv: the least ρ, at every w = kv, k ≠ 0
//   step_rate           (1 − μ/L)², μ ≤ λ_min(S), λ_max(S) ≤ L
// Why. With c = wᵀSw/uᵀw and e = w − cv: wᵀSe = 0, and ‖e‖_S² = c²(ρ(w) − ρ*). A step of length wᵀSw/(2L|ρ|) takes e
// to (1 − S/L)e, which shortens it by 1 − μ/L at least; and for any w′, c²(ρ(w′) − ρ*) is the squared distance in the
// norm of S from cv to the nearest multiple of w′, so at most ‖w′ − cv‖_S². Hence ρ(w′) − ρ* ≤ (1 − μ/L)²(ρ(w) − ρ*).
#pragma once

#include "theory/decoupling/length_and_direction.hpp"

namespace normproof::theory {

// E[−yx] over the samples.
template <class T>
Vector<T> negative_correlation(const Matrix<T>& x, const Vector<T>& target) {
  if (x.rows() != target.size()) throw std::invalid_argument("there must be one target per sample");
  Vector<T> u = zero_vector<T>(static_cast<int>(x.cols()));
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    for (Eigen::Index i = 0; i < x.rows(); ++i) u(k) -= target(i) * x(i, k);
    u(k) /= T(static_cast<int>(x.rows()));
  }
  return u;
}

template <class T>
T expanded_least_squares(const Matrix<T>& moments, const Vector<T>& u, const T& power, const Vector<T>& w) {
  return power + T(2) * plain_product<T>(u, w) + moment_product(moments, w, w);
}

template <class T>
T least_squares_of_length(const Matrix<T>& moments, const Vector<T>& u, const T& power, const Vector<T>& w,
                          const T& gamma) {
  return power + T(2) * gamma * plain_product<T>(u, w) / moment_norm(moments, w) + gamma * gamma;
}

template <class T>
T best_length(const Matrix<T>& moments, const Vector<T>& u, const Vector<T>& w) {
  return -plain_product<T>(u, w) / moment_norm(moments, w);
}

template <class T>
T direction_quotient(const Matrix<T>& moments, const Vector<T>& u, const Vector<T>& w) {
  const T along = plain_product<T>(u, w);
  return -(along * along) / moment_product(moments, w, w);
}

template <class T>
T smallest_quotient(const Matrix<T>& moments, const Vector<T>& v) {
  return -moment_product(moments, v, v);
}

template <class T>
T step_rate(const T& smallest, const T& largest) {
  const T kept = T(1) - smallest / largest;
  return kept * kept;
}

}  // namespace normproof::theory
