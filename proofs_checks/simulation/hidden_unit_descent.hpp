// How does alternating GDNP go on a network with two tanh units?
//
// What       f = E log(1 + e^F), F = θ₁ tanh(zᵀw̃₁) + θ₂ tanh(zᵀw̃₂), z ~ N(u, S − uuᵀ), θ fixed. GDNP runs on one unit
//            after the other (impl/reference/gdnp.hpp), with the step of a single unit, as WIKI has it.
// Expectations over the two numbers zᵀw̃_i by the product of the nodes of theory/decoupling/gaussian_nodes.hpp, without
// a
//            bound: this is an illustration, and decides nothing.
#pragma once

#include <atomic>
#include <vector>

#include "impl/reference/gdnp.hpp"

namespace normproof::simulation {

struct HiddenUnits {
  std::vector<double> s, u, v;  // S row by row; u = Sv
  double largest = 0;
  std::vector<double> theta;  // two
};

struct HiddenUnitRecord {
  std::vector<double> gradient_norm;  // ‖∇_i f‖, of each unit
  std::vector<double> off_the_line;   // the sine of the angle from w̃_i to v, in the norm of S
};

// Records before the first round and after each. Throws Interrupted.
std::vector<HiddenUnitRecord> alternate(const HiddenUnits& problem, std::vector<reference::GdnpState> units,
                                        reference::GdnpSteps steps, int rounds, const std::atomic<bool>* interrupted);

}  // namespace normproof::simulation
