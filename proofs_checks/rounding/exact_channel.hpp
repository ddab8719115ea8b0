// What are the exact facts about one channel of binary32, and how far is a computed value from an exact one?
//
// What       conformance/oracle.hpp, in double-double, for a channel that is at hand.
#pragma once

#include <cmath>
#include <vector>

#include "proofs_checks/conformance/oracle.hpp"
#include "proofs_checks/numbers/double_double.hpp"
#include "theory/rounding/normalization_data.hpp"

namespace normproof::rounding {

inline constexpr theory::Unit binary32 = {};
inline constexpr double eps = 1e-5;

// Of the statistics of x.
conformance::ChannelFacts channel_facts(const std::vector<float>& x);

// Of a backward pass whose mean, inv_std and gamma are given.
struct GivenStatistics {
  float mean = 0, inv_std = 0, gamma = 1;
};
conformance::ChannelOracle gradient_facts(const std::vector<float>& x, const std::vector<float>& dy,
                                          const GivenStatistics& given);

inline double distance(const numbers::DoubleDouble& exact, float computed) {
  return std::fabs((exact - static_cast<double>(computed)).high());
}

}  // namespace normproof::rounding
