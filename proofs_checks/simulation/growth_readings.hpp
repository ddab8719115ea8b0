// How is a reading written that states how a quantity of the zoo's problems grows?
//
// What       growth_reading makes the Reading; a GrowthPoint comes from measured() and one of the functions below,
//            which say what is stated of its exponent θ (proofs_checks/growth.hpp).
// Allowance  θ is measured over the last three octaves of a finite run. finite_k_allowance is what is granted for that.
//            It is empirical: on the problems whose exponent is known (noise_only, steady_drift, the chains, kinked,
//            smooth) the measured θ differs from the known one by less, at the lengths used; docs/measurements.md has
//            the table. Two statistics that filter one another take longer: three_layer_allowance.
//            What is stated about exponents with an ε of its own takes stated_epsilon, so that a rate that is exactly
//            attained can be decided.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/simulation/zoo.hpp"

namespace normproof::simulation {

inline constexpr double finite_k_allowance = 0.05, three_layer_allowance = 0.1;
inline constexpr double stated_epsilon = 0.1;
inline constexpr double boundary_zone = 0.05;  // within it of a boundary a point may stay undecided

// Of runs: 2^(octave + 1) steps.
inline int last_octave(evidence::Effort effort) { return effort == evidence::Effort::quick ? 12 : 19; }

inline GrowthPoint bounded(GrowthPoint point, double distance_to_boundary) {
  point.highest = 0;
  point.near_boundary = distance_to_boundary <= boundary_zone + 1e-9;  // distances are sums of decimal fractions
  return point;
}
inline GrowthPoint at_most(GrowthPoint point, double theta) {
  point.highest = theta;
  return point;
}
inline GrowthPoint within_epsilon_of(GrowthPoint point, double theta) {
  point.lowest = theta - stated_epsilon;
  point.highest = theta + stated_epsilon;
  return point;
}

inline Reading growth_reading(std::string id, std::string statement, std::string quantity, std::string range,
                              std::function<std::vector<GrowthPoint>(evidence::Effort)> points, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .growth = {.quantity = std::move(quantity),
                     .range = std::move(range),
                     .points = std::move(points),
                     .allowance = finite_k_allowance,
                     .allowance_words = "of finite k, empirical: see docs/measurements.md"},
          .why = std::move(why)};
}

}  // namespace normproof::simulation
