// What are E ∂₁G, E ∂₁²G and E ∂₁∂₂G of two tanh units under the logistic loss, and how far may they be off?
//
// What       G(s₁, s₂) = l(½ tanh s₁ + tanh s₂), l(t) = log(1 + e^t): θ = (1/2, 1). z = (u₁ + √(μ − u₁²) N₁, N₂), N₁
//            and N₂ independent and normal: S = diag(μ, 1), u = (u₁, 0). s₁ = x z₁ + y z₂, s₂ = c z₂, 0 ≤ c ≤ 1/2.
//            Direction T = y/x and length γ in the place of x and y; v₁ = u₁/μ = 1/20, c = 1/8. Critical for the first
//            unit is T = K := (c/v₁) mixed/c₁, where ∂_γ f = 0 too.
// Names      slope = E ∂₁G, bend = E ∂₁²G, mixed = E ∂₁∂₂G, as in theory/decoupling/hidden_units.hpp.
//            c₁ = slope − bend uᵀw̃₁.
// Quadrature One rule of theory/decoupling/gaussian_nodes.hpp after the other, in N₁ and then in N₂; the second meets a
//            mean of values that have the same bounds, so the errors add up. With |γ| = (μx² + y²)^(1/2) the strip
//            |Im s₁|, |Im s₂| ≤ 3/4 < π/4 contains all with |Im t| ≤ 3/(4 max{|γ|, 1/2}). There |tanh| ≤ 1, |tanh′| ≤
//            2, and |Im F| ≤ 3/2 < π/2, so |l′|, |1 − l′| ≤ 1: |∂₁G| ≤ ½·2 = 1, |∂₁∂₂G| ≤ ½·2·2 = 2, and |∂₁²G| ≤
//            ¼·4 + 2·½·2 = 3.
#pragma once

#include "impl/reference/elementary.hpp"
#include "proofs_checks/claim.hpp"
#include "theory/decoupling/gaussian_nodes.hpp"

namespace normproof::inputs {

template <class T>
struct TanhNetwork {
  T mu, mean;  // u₁
  T other;     // c
};
template <class T>
struct NetworkExpectations {
  T slope, bend, mixed;
  T slope_error, bend_error, mixed_error;
};

// `longest` ≥ |γ|: half of it in halves.
template <class T>
NetworkExpectations<T> expectations_of(const TanhNetwork<T>& network, const T& x, const T& y, int per_unit,
                                       int longest_in_halves) {
  using reference::softplus_slope;
  using std::sqrt;
  using std::tanh;
  constexpr int reach = 6;
  const auto nodes = theory::gaussian_nodes<T>(per_unit, reach);
  const T one(1), half = T(1) / T(2);
  const T variance = network.mu - network.mean * network.mean;
  const T along_first = x * sqrt(variance), middle = x * network.mean;
  NetworkExpectations<T> at = {};
  at.slope = at.bend = at.mixed = T(0);
  for (std::size_t j = 0; j < nodes.points.size(); ++j) {
    const T scaled = network.other * nodes.points[j], other = tanh(scaled), offset = middle + y * nodes.points[j];
    T slope(0), bend(0), mixed(0);
    for (std::size_t i = 0; i < nodes.points.size(); ++i) {
      const T own = offset + along_first * nodes.points[i], value = tanh(own);
      const T sum = half * value + other, first = softplus_slope(sum);
      // ∂₁G = ½ l′ tanh′, ∂₁²G = ¼ l″ tanh′² − l′ tanh tanh′, ∂₁∂₂G = ½ l″ tanh′ tanh′.
      const T turned = nodes.weights[i] * first * (one - value * value), second = turned * (one - first);
      slope += turned;
      bend += second * (one - value * value) * half * half - turned * value;
      mixed += second;
    }
    at.slope += half * nodes.weights[j] * slope;
    at.bend += nodes.weights[j] * bend;
    at.mixed += half * nodes.weights[j] * (one - other * other) * mixed;
  }
  const T width = T(3) / T(2 * longest_in_halves);
  const auto error = [&](int largest) { return T(2) * theory::gaussian_quadrature_bound<T>(nodes, T(largest), width); };
  at.slope_error = error(1);
  at.bend_error = error(3);
  at.mixed_error = error(2);
  return at;
}

constexpr int network_inverse_v1 = 20, network_inverse_other = 8;

// low + (high − low)·share, over the denominator.
inline Number between(const Number& share, int low, int high, int denominator) {
  return (Number(low) + Number(high - low) * share) / Number(denominator);
}
inline Number network_mu(const Inputs& in) { return between(in.scalar("mu"), 2, 1, 2); }  // in [1/2, 1]
inline Number network_gamma(const Inputs& in) { return between(in.scalar("gamma"), 0, -1, 2); }

// At w = (1, T)·γ/(μ + T²)^(1/2).
struct OnTheNetwork {
  NetworkExpectations<Number> at;
  Number first, first_error;  // c₁
  Number mean, length;        // u₁, (μ + T²)^(1/2)
};
inline OnTheNetwork on_the_network(const Number& mu, const Number& t, const Number& gamma, int per_unit,
                                   int longest_in_halves) {
  OnTheNetwork here;
  here.mean = mu / Number(network_inverse_v1);
  const Number square = mu + t * t;
  here.length = sqrt(square);
  const Number x = gamma / here.length, projected = here.mean * x;
  here.at = expectations_of<Number>({.mu = mu, .mean = here.mean, .other = Number(1) / Number(network_inverse_other)},
                                    x, x * t, per_unit, longest_in_halves);
  here.first = here.at.slope - here.at.bend * projected;
  // |y| ≤ (1 + y²)/2.
  here.first_error = here.at.slope_error + here.at.bend_error * (Number(1) + projected * projected) / Number(2);
  return here;
}
// k c₁ − (c/v₁) mixed at most, and (c/v₁) mixed − k c₁ at most: below 0 where K > k, and where K < k.
inline Number excess_over_ratio(const OnTheNetwork& here, const Number& k) {
  const Number share = Number(network_inverse_v1) / Number(network_inverse_other);
  return k * (here.first + here.first_error) - share * (here.at.mixed - here.at.mixed_error);
}
inline Number lack_of_ratio(const OnTheNetwork& here, const Number& k) {
  const Number share = Number(network_inverse_v1) / Number(network_inverse_other);
  return share * (here.at.mixed + here.at.mixed_error) - k * (here.first - here.first_error);
}
// ‖w‖_S ∂_γ f at γ = −1/2, at most: wᵀ∇f = slope uᵀw + bend wᵀΣw̃ + mixed wᵀΣw̃₂, w = (1, T), Σ = diag(μ − u₁², 1).
inline Number length_slope_at_the_left(const OnTheNetwork& here, const Number& mu, const Number& t) {
  const Number curved = (mu - here.mean * here.mean + t * t) / (Number(2) * here.length);
  const Number other = t / Number(network_inverse_other);
  return here.mean * (here.at.slope + here.at.slope_error) - curved * (here.at.bend - here.at.bend_error) +
         other * (here.at.mixed + here.at.mixed_error);
}

}  // namespace normproof::inputs
