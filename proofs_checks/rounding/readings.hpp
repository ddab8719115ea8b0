// How is a reading written that states a bound of the rounding errors of measured results?
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/rounding/channels.hpp"

namespace normproof::rounding {

using Points = std::function<std::vector<RoundingPoint>(evidence::Effort)>;

// What the bound is of, in the words of the formula, and which of the points' tallies.
struct Measured {
  std::string quantity, bound;
  std::size_t output = 0;
};

// quantity ≤ bound, in every result.
inline Reading bounded(std::string id, std::string statement, const Measured& what, Points points, std::string why) {
  return {
      .id = std::move(id),
      .statement = std::move(statement),
      .left = {.witness = Witness::reference, .words = what.quantity + ", binary32 against double-double"},
      .right = {.witness = Witness::theory, .words = what.bound},
      .rounding = {.quantity = what.quantity, .bound = what.bound, .output = what.output, .points = std::move(points)},
      .why = std::move(why)};
}

// The median of bound/quantity is at most the limit, at every point.
inline Reading tight(std::string id, std::string statement, const Measured& what, double limit, Points points,
                     std::string why) {
  Reading reading = bounded(std::move(id), std::move(statement), what, std::move(points), std::move(why));
  reading.rounding.median_slack_max = limit;
  return reading;
}

// Of a near-miss: the points, those of the named recipes being natural ones.
inline std::vector<RoundingPoint> natural_on(std::vector<RoundingPoint> points, const std::string& part_of_id) {
  for (RoundingPoint& point : points) point.natural = point.id.find(part_of_id) != std::string::npos;
  return points;
}

// One kernel for each order.
template <class Kernel>
std::vector<Kernel> for_each_order(Kernel (*kernel)(const NamedOrder&)) {
  std::vector<Kernel> kernels;
  for (const NamedOrder& order : orders()) kernels.push_back(kernel(order));
  return kernels;
}

}  // namespace normproof::rounding
