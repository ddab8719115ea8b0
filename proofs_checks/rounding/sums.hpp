// How far are sums from the exact ones, in binary32 and in formats of a few bits, over which orders?
//
// What       A point tallies the errors of the sums it ran beside each bound of theory/rounding/summation.hpp, in the
//            order of sum_output.
//              sums_in_binary32      every order of channels.hpp on every recipe, n up to 10⁷ at deep effort
//              sums_in_few_bits      the same orders in a format of 8 bits, with n·u up to 16
//              sums_in_every_order   all sums of n terms out of a small set, in a format of 2 bits: every binary tree
//              over
//                                    every permutation
//              low_sums_in_binary32  the orders with h ≤ 1/√u, against h u Σ|x|
//              low_sums_over_every_tree  the largest excess ŝ − Σx − h u Σ|x| over all trees of height h ≤ 1/√u
//                                    (worst_sum.hpp), against 0, in formats of 2 … 6 bits
// Oracle     Σx and Σ|x| in double-double.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/rounding/channels.hpp"
#include "proofs_checks/rounding_reading.hpp"

namespace normproof::rounding {

namespace sum_output {
// Bounds: (n − 1)u Σ|x|, (e^{hu} − 1) Σ|x|, Σ ½ulp of the partial sums. Points of every order have the first alone;
// those of low sums have theirs in its place.
inline constexpr std::size_t in_any_order = 0, by_height = 1, by_partial_sums = 2;
}  // namespace sum_output

// The facts about n terms that a bound in any order starts from.
struct Terms {
  std::size_t count = 0;
  double sum = 0, magnitudes = 0;  // Σx, Σ|x|
};
using SumBound = std::function<double(const Terms&, double u)>;
double sum_bound_in_any_order(const Terms& terms, double u);

std::vector<ChannelRecipe> sum_recipes(evidence::Effort effort);
std::vector<RoundingPoint> sums_in_binary32(const std::vector<ChannelRecipe>& recipes, evidence::Effort effort,
                                            const SumBound& in_any_order = sum_bound_in_any_order);
std::vector<RoundingPoint> sums_in_few_bits(evidence::Effort effort);
std::vector<RoundingPoint> sums_in_every_order(evidence::Effort effort);
std::vector<RoundingPoint> low_sums_in_binary32(evidence::Effort effort);
std::vector<RoundingPoint> low_sums_over_every_tree(evidence::Effort effort);

}  // namespace normproof::rounding
