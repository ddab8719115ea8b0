// What are E ∂₁G, E ∂₁²G and E ∂₁∂₂G of two tanh units under the logistic loss, and how far may they be off?
//
// What       G(s₁, s₂) = l(½ tanh s₁ + tanh s₂), l(t) = log(1 + e^t): θ = (1/2, 1). z = (u₁ + √(μ − u₁²) N₁, N₂), N₁ and
//            N₂ independent and normal: S = diag(μ, 1), u = (u₁, 0). s₁ = x z₁ + y z₂, s₂ = c z₂, 0 ≤ c ≤ 1/2.
// Names      slope = E ∂₁G, bend = E ∂₁²G, mixed = E ∂₁∂₂G, as in theory/decoupling/hidden_units.hpp.
// Quadrature One rule of theory/decoupling/gaussian_nodes.hpp after the other, in N₁ and then in N₂; the second meets a
//            mean of values that have the same bounds, so the errors add up. With |γ| = (μx² + y²)^(1/2) the strip
//            |Im s₁|, |Im s₂| ≤ 3/4 < π/4 contains all with |Im t| ≤ 3/(4 max{|γ|, 1/2}). There |tanh| ≤ 1, |tanh′| ≤ 2,
//            and |Im F| ≤ 3/2 < π/2, so |l′|, |1 − l′| ≤ 1: |∂₁G| ≤ ½·2 = 1, |∂₁∂₂G| ≤ ½·2·2 = 2, and |∂₁²G| ≤ ¼·4 +
//            2·½·2 = 3.
#pragma once

#include "proofs_checks/claim.hpp"
#include "theory/decoupling/gaussian_nodes.hpp"

namespace normproof::inputs {

struct TanhNetwork {
  Number mu, mean;  // u₁
  Number other;     // c
};
struct NetworkExpectations {
  Number slope, bend, mixed;
  Number slope_error, bend_error, mixed_error;
};

// `longest` ≥ |γ|: half of it in halves.
inline NetworkExpectations expectations_of(const TanhNetwork& network, const Number& x, const Number& y, int per_unit,
                                           int longest_in_halves) {
  constexpr int reach = 6;
  const auto nodes = theory::gaussian_nodes<Number>(per_unit, reach);
  const Number one(1), half = Number(1) / Number(2);
  const Number variance = network.mu - network.mean * network.mean;
  const Number along_first = x * sqrt(variance), middle = x * network.mean;
  NetworkExpectations at = {};
  at.slope = at.bend = at.mixed = Number(0);
  for (std::size_t j = 0; j < nodes.points.size(); ++j) {
    const Number other = tanh(network.other * nodes.points[j]), offset = middle + y * nodes.points[j];
    Number slope(0), bend(0), mixed(0);
    for (std::size_t i = 0; i < nodes.points.size(); ++i) {
      const Number value = tanh(offset + along_first * nodes.points[i]);
      const Number first = softplus_slope(half * value + other);
      // ∂₁G = ½ l′ tanh′, ∂₁²G = ¼ l″ tanh′² − l′ tanh tanh′, ∂₁∂₂G = ½ l″ tanh′ tanh′.
      const Number turned = nodes.weights[i] * first * (one - value * value), second = turned * (one - first);
      slope += turned;
      bend += second * (one - value * value) * half * half - turned * value;
      mixed += second;
    }
    at.slope += half * nodes.weights[j] * slope;
    at.bend += nodes.weights[j] * bend;
    at.mixed += half * nodes.weights[j] * (one - other * other) * mixed;
  }
  const Number width = Number(3) / Number(2 * longest_in_halves);
  const auto error = [&](int largest) {
    return Number(2) * theory::gaussian_quadrature_bound<Number>(nodes, Number(largest), width);
  };
  at.slope_error = error(1);
  at.bend_error = error(3);
  at.mixed_error = error(2);
  return at;
}

}  // namespace normproof::inputs
