// How many roundings may an honest kernel's sum put on one of its terms?
//
// Source. N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), §4.2 and §4.3: a sum's error
// grows with the height of its tree. The law below is a choice of this project, not a theorem.
// Notation. m = count; height = the longest way from a term to the sum, in additions.
// What.     height(m) = 64 + 8√m
// Why. Sums that are made with care stay below it, and one long chain does not:
//   · pairwise, height ⌈log₂ m⌉, at any m;
//   · blocks of b values in a chain each, and the blocks' sums in a chain: b + m/b, which is 2√m at the best b and at
//     most 8√m for every b from √m/7.8 to 7.8√m;
//   · v lanes that each run through the whole channel: m/v + log₂ v, which is at most 8√m up to m = 64v²;
//   · a plain loop, height m − 1, up to m = 167, where everyone writes one.
// The 64 is also what pays for small fixed numbers of operations: the join of lanes, a tail, the merge of a few
// threads' parts. It is granted at every m, in the place of min(m − 1, ·): short channels get no tighter law than that.
#pragma once

#include <algorithm>
#include <cmath>

namespace normproof::theory {

constexpr double granted_height_constant = 64;
constexpr double granted_height_per_root = 8;

inline double granted_height(double count) {
  return granted_height_constant + granted_height_per_root * std::sqrt(std::max(count, 0.0));
}

}  // namespace normproof::theory
