// What are the gradient of the halfspace objective under Gaussian data, and the pieces of GDNP's rates?
//
// Source. WIKI, learning halfspaces (Kohler et al. 2018).
// Notation. z Gaussian with E z = u, E zzᵀ = S (`moments`), so Σ = S − uuᵀ is its covariance; f(w̃) = E φ(zᵀw̃);
// zᵀw̃ is Gaussian with mean m = uᵀw̃ and variance v = w̃ᵀSw̃ − m². slope = E φ′(zᵀw̃), bend = E φ″(zᵀw̃).
//   first_coefficient    c₁ = slope − bend·(uᵀw̃)
//   halfspace_gradient   ∇f = c₁ u + c₂ Sw̃, c₂ = bend
//   needed_h             (uᵀw) c₁ = slope·(uᵀw) − bend·(uᵀw)(uᵀw̃)
//   printed_h            slope·(uᵀw) − bend·(uᵀw)²
//   direction_residual   ‖w‖_S²‖∇_w f‖²_{S⁻¹} = γ²c₁²(ρ(w) − ρ*)
//   gradient_residual    ‖∇f(w̃)‖²_{S⁻¹} = c₁²(ρ(w) − ρ*) + (∂_γ f)²,   ∂_γ f = c₁uᵀw/‖w‖_S + c₂γ
//   direction_after      GDNP's step with the needed h: (I − S/L)w + (c/L)u, c = wᵀSw/uᵀw: that of least squares
// Why. Stein: for Gaussian z, E[g(z)(z − u)] = Σ E∇g(z). With g = φ′(zᵀw̃): ∇f = E[φ′z] = slope·u + bend·Σw̃. And
// ∇_w f = (γ/‖w‖_S)(∇f − Sw (wᵀ∇f)/‖w‖_S²) = (γ/‖w‖_S) c₁ (u − Sw (uᵀw)/‖w‖_S²) = −(γ c₁‖w‖_S/(2uᵀw)) ∇ρ(w): whatever
// φ is, the direction moves along the gradient of least squares.
#pragma once

#include "theory/decoupling/least_squares.hpp"

namespace normproof::theory {

template <class T>
T first_coefficient(const Vector<T>& u, const Vector<T>& weights, const T& slope, const T& bend) {
  return slope - bend * plain_product<T>(u, weights);
}

template <class T>
Vector<T> halfspace_gradient(const Matrix<T>& moments, const Vector<T>& u, const Vector<T>& weights, const T& slope,
                             const T& bend) {
  const T first = first_coefficient(u, weights, slope, bend);
  const Vector<T> turned = moment_times(moments, weights);
  Vector<T> out(u.size());
  for (Eigen::Index k = 0; k < u.size(); ++k) out(k) = first * u(k) + bend * turned(k);
  return out;
}

template <class T>
T needed_h(const Vector<T>& u, const Vector<T>& w, const Vector<T>& weights, const T& slope, const T& bend) {
  return plain_product<T>(u, w) * first_coefficient(u, weights, slope, bend);
}

template <class T>
T printed_h(const Vector<T>& u, const Vector<T>& w, const T& slope, const T& bend) {
  const T along = plain_product<T>(u, w);
  return slope * along - bend * along * along;
}

// The derivative of f(γ w/‖w‖_S) by γ.
template <class T>
T length_slope(const Matrix<T>& moments, const Vector<T>& u, const Vector<T>& w, const T& gamma, const T& slope,
               const T& bend) {
  const Vector<T> weights = decoupled_weights<T>(moments, w, gamma);
  const T first = first_coefficient<T>(u, weights, slope, bend);
  return first * plain_product<T>(u, w) / moment_norm<T>(moments, w) + bend * gamma;
}

// u = Sv.
template <class T>
T direction_residual(const Matrix<T>& moments, const Vector<T>& v, const Vector<T>& w, const T& gamma, const T& slope,
                     const T& bend) {
  const Vector<T> u = moment_times<T>(moments, v);
  const T first = gamma * first_coefficient<T>(u, decoupled_weights<T>(moments, w, gamma), slope, bend);
  return first * first * (direction_quotient<T>(moments, u, w) - smallest_quotient<T>(moments, v));
}

template <class T>
T gradient_residual(const Matrix<T>& moments, const Vector<T>& v, const Vector<T>& w, const T& gamma, const T& slope,
                    const T& bend) {
  const Vector<T> u = moment_times<T>(moments, v);
  const T first = first_coefficient<T>(u, decoupled_weights<T>(moments, w, gamma), slope, bend);
  const T along = length_slope<T>(moments, u, w, gamma, slope, bend);
  return first * first * (direction_quotient<T>(moments, u, w) - smallest_quotient<T>(moments, v)) + along * along;
}

template <class T>
Vector<T> direction_after(const Matrix<T>& moments, const Vector<T>& u, const Vector<T>& w, const T& largest) {
  const Vector<T> turned = moment_times<T>(moments, w);
  const T ratio = plain_product<T>(w, turned) / plain_product<T>(u, w);
  Vector<T> out(w.size());
  for (Eigen::Index k = 0; k < w.size(); ++k) out(k) = w(k) + (ratio * u(k) - turned(k)) / largest;
  return out;
}

// E s^k of s with mean m and variance v, k ≤ 4.
template <class T>
T gaussian_moment(const T& m, const T& v, int power) {
  switch (power) {
    case 0: return T(1);
    case 1: return m;
    case 2: return m * m + v;
    case 3: return m * m * m + T(3) * m * v;
    case 4: return m * m * m * m + T(6) * m * m * v + T(3) * v * v;
    default: throw std::invalid_argument("moments up to the fourth are known");
  }
}

}  // namespace normproof::theory
