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
// Why. Stein: for Gaussian z, E[g(z)(z − u)] = Σ E∇g(z). With g = φ′(zᵀw̃): ∇f = E[φ′z] = slope·u + bend·Σw̃. And
// ∇_w f = (γ/‖w‖_S)(∇f − Sw (wᵀ∇f)/‖w‖_S²) = (γ/‖w‖_S) c₁ (u − Sw (uᵀw)/‖w‖_S²) = −(γ c₁‖w‖_S/(2uᵀw)) ∇ρ(w): whatever φ
// is, the direction moves along the gradient of least squares.
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
  const Vector<T> turned = matrix_times(moments, weights);
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
