// How fast does gradient ascent on a generalised Rayleigh quotient converge, in the metric of its denominator?
//
// Source. WIKI, "the gradient descent convergence rate of the generalized Rayleigh quotient"; Knyazev & Neymeyr,
// Linear Algebra Appl. 358 (2003), for preconditioned inverse iteration.
// Notation. ρ̃(w) = wᵀBw/wᵀAw, λ₁ ≥ λ₂ ≥ … ≥ λ_min the eigenvalues of the pencil (B, A): Bx = λAx.
//   angle    (λ₁ − ρ)/(ρ − λ₂)
//   factor   1 − (λ₁ − λ₂)/(λ₁ − λ_min) = (λ₂ − λ_min)/(λ₁ − λ_min)
//   one step w′ = w + η A⁻¹∇ρ̃(w) with η = wᵀAw/(2(ρ − λ_min)), from ρ > λ₂:   angle′ ≤ factor² · angle
// Why. ∇ρ̃ = 2(Bw − ρAw)/wᵀAw, so w′ = (A⁻¹B − λ_min)w/(ρ − λ_min): a step of the power method. In coordinates z_i
// along eigenvectors, with m_i = (λ_i − λ_min)², angle = N/D, N = Σ(λ₁ − λ_i)z_i², D = Σ(λ_i − λ₂)z_i², and after the
// step N′ = Σ(λ₁ − λ_i)m_i z_i² ≤ m₂N, while D′ = m₁D + Σ(m₁ − m_i)(λ₂ − λ_i)z_i² ≥ m₁D.
#pragma once

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
T rayleigh_angle(const T& quotient, const T& first, const T& second) {
  return (first - quotient) / (quotient - second);
}

template <class T>
T rayleigh_factor(const T& first, const T& second, const T& last) {
  return T(1) - (first - second) / (first - last);
}

}  // namespace normproof::theory
