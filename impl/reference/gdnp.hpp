// What does gradient descent in normalized parameterization compute, step by step?
//
// Source. WIKI, learning halfspaces and neural networks (Kohler et al. 2018, GDNP):
//
//   w̃ = γ w/‖w‖_S                                                                            normalized_weights
//   ∇_w f(w, γ) = (γ/‖w‖_S)(g − Sw (wᵀg)/‖w‖_S²),  g = ∇f(w̃)                                 direction_gradient
//   ∂_γ f(w, γ) = wᵀg/‖w‖_S                                                                  length_gradient
//   h = E[φ′](uᵀw) − E[φ″](uᵀw)²                     as printed                              stopping_value
//   h = E[φ′](uᵀw) − E[φ″](uᵀw)(uᵀw̃)                 as the derivation needs it
//   if h ≠ 0: w ← w − s ∇_w f,  s = −‖w‖_S³/(L γ h)                                          gdnp_direction_step
//   γ ← Bisection(T_s, f, w): T_s halvings of [a, b] by the sign of ∂_γ f; the left end      bisected_length
//   γ = 1 at the start; repeat the two T_d times; return γ w/‖w‖_S                           gdnp
//   for several units: the same for one unit after the other, the others fixed               alternating_gdnp
//
// Notation. S symmetric, row-major; L (`largest`) at least its largest eigenvalue. Expectations are arguments: at
// weights w̃ a function gives g, E φ′ and E φ″ (of unit i: E ∂F, E ∂²F along its own input).
// Assumptions. ‖w‖_S and, where a step is taken, γ are not 0: the algorithm divides by γ, and does not say what it does
// where bisection returns 0. gdnp then stops, with γ = 0. Bisection starts with ∂_γ f ≤ 0 at a and ≥ 0 at b.
#pragma once

#include "impl/reference/rayleigh_descent.hpp"

namespace normproof::reference {

enum class StoppingRule { printed, needed };

template <class T>
struct Expectations {
  std::vector<T> gradient;      // ∇f at the weights
  T slope = T(0), bend = T(0);  // E φ′, E φ″
};

template <class T>
T norm_by(std::span<const T> s, std::span<const T> w) {
  const T squared = inner<T>(w, symmetric_times<T>(s, w));
  return sqrt(squared);
}

template <class T>
std::vector<T> normalized_weights(std::span<const T> s, std::span<const T> w, const T& gamma) {
  const T norm = norm_by<T>(s, w);
  std::vector<T> weights;
  for (const T& entry : w) weights.push_back(gamma * entry / norm);
  return weights;
}

template <class T>
std::vector<T> direction_gradient(std::span<const T> s, std::span<const T> w, const T& gamma, std::span<const T> g) {
  const std::vector<T> sw = symmetric_times<T>(s, w);
  const T squared = inner<T>(w, sw), along = inner<T>(w, g), norm = sqrt(squared);
  std::vector<T> gradient;
  for (std::size_t k = 0; k < w.size(); ++k) gradient.push_back(gamma / norm * (g[k] - sw[k] * along / squared));
  return gradient;
}

template <class T>
T length_gradient(std::span<const T> s, std::span<const T> w, std::span<const T> g) {
  return inner<T>(w, g) / norm_by<T>(s, w);
}

template <class T>
T stopping_value(StoppingRule rule, std::span<const T> s, std::span<const T> u, std::span<const T> w, const T& gamma,
                 const T& slope, const T& bend) {
  const T along = inner<T>(u, w);
  if (rule == StoppingRule::printed) return slope * along - bend * along * along;
  return slope * along - bend * along * (gamma * along / norm_by<T>(s, w));
}

template <class T>
std::vector<T> gdnp_direction_step(StoppingRule rule, std::span<const T> s, std::span<const T> u, const T& largest,
                                   std::span<const T> w, const T& gamma, const Expectations<T>& at) {
  const T norm = norm_by<T>(s, w);
  const T h = stopping_value<T>(rule, s, u, w, gamma, at.slope, at.bend);
  const T step = -(norm * norm * norm) / (largest * gamma * h);
  const std::vector<T> gradient = direction_gradient<T>(s, w, gamma, at.gradient);
  std::vector<T> next;
  for (std::size_t k = 0; k < w.size(); ++k) next.push_back(w[k] - step * gradient[k]);
  return next;
}

template <class T>
struct Bracket {
  T low = T(0), high = T(0);
};

// slope(γ) = ∂_γ f. The middle becomes the right end where the slope is positive, else the left one.
template <class T, class Slope>
Bracket<T> bisected_length(Bracket<T> bracket, int halvings, Slope slope) {
  for (int k = 0; k < halvings; ++k) {
    const T middle = (bracket.low + bracket.high) / T(2);
    const T positive = clamp_below_slope(slope(middle), T(0));
    bracket.low += (T(1) - positive) * (middle - bracket.low);
    bracket.high += positive * (middle - bracket.high);
  }
  return bracket;
}

struct GdnpSteps {
  int directions = 0, halvings = 0;  // T_d, T_s
};

struct GdnpState {
  std::vector<double> w;
  double gamma = 1;
};

// expectations(w̃) → Expectations<double>; bracket(w) → Bracket<double>; seen(state, t) at the start, t = 0, and
// after each step t ≤ T_d. As printed, the first direction step is taken with the γ of the start.
template <class Objective, class Brackets, class Seen>
GdnpState gdnp(StoppingRule rule, std::span<const double> s, std::span<const double> u, double largest, GdnpState state,
               GdnpSteps steps, Objective expectations, Brackets bracket, Seen seen) {
  seen(state, 0);
  for (int t = 1; t <= steps.directions && state.gamma != 0; ++t) {
    const auto at = expectations(normalized_weights<double>(s, state.w, state.gamma));
    if (stopping_value<double>(rule, s, u, state.w, state.gamma, at.slope, at.bend) != 0)
      state.w = gdnp_direction_step<double>(rule, s, u, largest, state.w, state.gamma, at);
    const auto slope = [&](double gamma) {
      const auto here = expectations(normalized_weights<double>(s, state.w, gamma));
      return length_gradient<double>(s, state.w, here.gradient);
    };
    state.gamma = bisected_length<double>(bracket(state.w), steps.halvings, slope).low;
    seen(state, t);
  }
  return state;
}

// expectations(i, all w̃) for unit i; one round runs GDNP on each unit in turn.
template <class Objective, class Brackets, class Seen>
std::vector<GdnpState> alternating_gdnp(StoppingRule rule, std::span<const double> s, std::span<const double> u,
                                        double largest, std::vector<GdnpState> units, GdnpSteps steps, int rounds,
                                        Objective expectations, Brackets bracket, Seen seen) {
  std::vector<std::vector<double>> weights;
  for (const GdnpState& unit : units) weights.push_back(normalized_weights<double>(s, unit.w, unit.gamma));
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < units.size(); ++i) {
      const auto of_this_unit = [&](const std::vector<double>& own) {
        weights[i] = own;
        return expectations(i, weights);
      };
      units[i] = gdnp(
          rule, s, u, largest, units[i], steps, of_this_unit,
          [&](const std::vector<double>& w) { return bracket(i, w); }, [](const GdnpState&, int) {});
      weights[i] = normalized_weights<double>(s, units[i].w, units[i].gamma);
      seen(units, round, i);
    }
  return units;
}

}  // namespace normproof::reference
