// What does one step of gradient descent on the Rayleigh quotient of least squares compute, and one of plain descent?
//
// Source. WIKI, length–direction decoupling, least squares (Kohler et al. 2018):
//
//   ρ(w) = −(uᵀw)²/(wᵀSw)                                                                     rayleigh_quotient
//   ∇ρ(w) = −2 (uᵀw) u/(wᵀSw) + 2 (uᵀw)² Sw/(wᵀSw)²                                           rayleigh_gradient
//   w ← w − η ∇ρ(w)                                                                           rayleigh_step
//   η = wᵀSw/(2L|ρ(w)|)                                                                       rayleigh_step_size
//   η = 1/(2L|ρ(w)|), as some copies print it                                                 rayleigh_step_size_bare
//   f(w) = 2uᵀw + wᵀSw,  w ← w − (1/(2L)) ∇f(w)                                               least_squares_step
//   ρ̃(w) = wᵀBw/wᵀAw                                                                          generalized_quotient
//   w ← w + η M⁻¹∇ρ̃(w), M a metric, given as its inverse                                      generalized_ascent
//
// Notation. S, A, B, M⁻¹: symmetric, row-major; u, w: vectors; L (`largest`) at least the largest eigenvalue of S.
// Assumptions. Lengths fit; wᵀSw and wᵀAw are not 0, and ρ(w) is not where a step size divides by it. ρ ≤ 0: |ρ| = −ρ.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/elementary.hpp"

namespace normproof::reference {

template <class T>
T inner(std::span<const T> a, std::span<const T> b) {
  assert(a.size() == b.size());
  T sum = T(0);
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

template <class T>
std::vector<T> symmetric_times(std::span<const T> matrix, std::span<const T> vector) {
  assert(matrix.size() == vector.size() * vector.size());
  std::vector<T> product;
  for (std::size_t i = 0; i < vector.size(); ++i)
    product.push_back(inner<T>(matrix.subspan(i * vector.size(), vector.size()), vector));
  return product;
}

template <class T>
T generalized_quotient(std::span<const T> b, std::span<const T> a, std::span<const T> w) {
  return inner<T>(w, symmetric_times<T>(b, w)) / inner<T>(w, symmetric_times<T>(a, w));
}

// 2(Bw − ρ̃ Aw)/(wᵀAw), through M⁻¹, times η, on top of w.
template <class T>
std::vector<T> generalized_ascent(std::span<const T> b, std::span<const T> a, std::span<const T> inverse_metric,
                                  std::span<const T> w, const T& eta) {
  const T quotient = generalized_quotient<T>(b, a, w);
  const std::vector<T> bw = symmetric_times<T>(b, w), aw = symmetric_times<T>(a, w);
  const T length = inner<T>(w, aw);
  std::vector<T> gradient;
  for (std::size_t k = 0; k < w.size(); ++k) gradient.push_back(T(2) * (bw[k] - quotient * aw[k]) / length);
  const std::vector<T> turned = symmetric_times<T>(inverse_metric, gradient);
  std::vector<T> next;
  for (std::size_t k = 0; k < w.size(); ++k) next.push_back(w[k] + eta * turned[k]);
  return next;
}

template <class T>
T rayleigh_quotient(std::span<const T> s, std::span<const T> u, std::span<const T> w) {
  const T along = inner<T>(u, w);
  return -(along * along) / inner<T>(w, symmetric_times<T>(s, w));
}

template <class T>
std::vector<T> rayleigh_gradient(std::span<const T> s, std::span<const T> u, std::span<const T> w) {
  const T along = inner<T>(u, w);
  const std::vector<T> sw = symmetric_times<T>(s, w);
  const T length = inner<T>(w, sw);
  std::vector<T> gradient;
  for (std::size_t k = 0; k < w.size(); ++k)
    gradient.push_back(T(-2) * along * u[k] / length + T(2) * along * along * sw[k] / (length * length));
  return gradient;
}

template <class T>
T rayleigh_step_size_bare(std::span<const T> s, std::span<const T> u, std::span<const T> w, const T& largest) {
  return T(1) / (T(2) * largest * -rayleigh_quotient<T>(s, u, w));
}

template <class T>
T rayleigh_step_size(std::span<const T> s, std::span<const T> u, std::span<const T> w, const T& largest) {
  return inner<T>(w, symmetric_times<T>(s, w)) / (T(2) * largest * -rayleigh_quotient<T>(s, u, w));
}

template <class T>
std::vector<T> rayleigh_step(std::span<const T> s, std::span<const T> u, std::span<const T> w, const T& eta) {
  const std::vector<T> gradient = rayleigh_gradient<T>(s, u, w);
  std::vector<T> next;
  for (std::size_t k = 0; k < w.size(); ++k) next.push_back(w[k] - eta * gradient[k]);
  return next;
}

template <class T>
T least_squares_objective(std::span<const T> s, std::span<const T> u, std::span<const T> w) {
  return T(2) * inner<T>(u, w) + inner<T>(w, symmetric_times<T>(s, w));
}

template <class T>
std::vector<T> least_squares_step(std::span<const T> s, std::span<const T> u, std::span<const T> w, const T& largest) {
  const std::vector<T> sw = symmetric_times<T>(s, w);
  std::vector<T> next;
  for (std::size_t k = 0; k < w.size(); ++k) next.push_back(w[k] - (T(2) * u[k] + T(2) * sw[k]) / (T(2) * largest));
  return next;
}

}  // namespace normproof::reference
