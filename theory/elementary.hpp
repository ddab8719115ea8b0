// Which elementary functions may a formula of the theory call on a number?
//
// Source. LL19 (Lian & Liu, AISTATS 2019) Algorithm 1 (the root) and Algorithm 3 (the root of max{ν − μ², ε}).
// Notation. clamp_below(x, lo) = max{x, lo}; clamp_below_slope(x, lo) = ∂ max{x, lo}/∂x, which is 1 where x > lo, else
// 0.
// Assumptions. At the kink x = lo the slope is taken as 0 (the clamp counts as active); the derivative does not exist
// there.
// Why. The formulas call these names unqualified, so that argument-dependent lookup finds the version of the number
// type in use; a fundamental type has no namespace of its own, hence the versions for double here.
#pragma once

#include <cmath>

namespace normproof::theory {

using std::sqrt;

inline double clamp_below(double x, double lo) {
  if (x > lo) return x;
  if (x <= lo) return lo;
  return x + lo;  // one of the two is NaN, and so is the result: a clamp must not hide it
}

inline double clamp_below_slope(double x, double lo) { return x > lo ? 1.0 : 0.0; }

}  // namespace normproof::theory
