// How does the relative error of a computed variance grow with the condition?
//
// What       A point of growth (proofs_checks/growth.hpp) whose octave j is the condition κ = 2^j: channels of 16
//            values κ + a standard Gaussian, the mean of |V^ − V|/V over sixteen channels a replica. An error like κ^θ
//            has growth exponent θ; what is stated of it is stated of these octaves, without an allowance.
#pragma once

#include <string>

#include "proofs_checks/growth.hpp"
#include "proofs_checks/rounding/forward.hpp"

namespace normproof::rounding {

struct Octaves {
  int first = 0, last = 0;  // at least three apart
};
GrowthPoint condition_law(const ForwardKernel& kernel, Octaves octaves, double lowest, double highest);

}  // namespace normproof::rounding
