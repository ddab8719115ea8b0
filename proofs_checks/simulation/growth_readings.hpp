// How is a reading written that states how a quantity of the zoo's problems grows?
//
// What       growth_reading makes the Reading; a GrowthPoint comes from measured() and one of the functions below,
//            which say what is stated of its exponent θ (proofs_checks/growth.hpp).
// Allowance  θ is measured over the last three octaves of a finite run; what is granted for that stands with each point
//            (zoo.hpp).
//            What is stated about exponents with an ε of its own takes stated_epsilon, so that a rate that is exactly
//            attained can be decided. It was chosen as twice the allowance of such points.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/simulation/zoo.hpp"

namespace normproof::simulation {

inline constexpr double stated_epsilon = 0.1;
// Within it of a boundary a point may stay undecided, or within its allowance where that is more.
inline constexpr double boundary_zone = 0.05;

// Of runs: 2^(octave + 1) steps.
inline int last_octave(evidence::Effort effort) { return effort == evidence::Effort::quick ? 12 : 19; }

inline GrowthPoint bounded(GrowthPoint point, double distance_to_boundary) {
  point.highest = 0;
  // Distances are sums of decimal fractions.
  point.near_boundary = distance_to_boundary <= std::max(boundary_zone, point.allowance.above) + 1e-9;
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
                     .allowance_words = "for finite k, empirical: docs/measurements.md has the table"},
          .why = std::move(why)};
}

}  // namespace normproof::simulation
