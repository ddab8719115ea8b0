// What is the integral of an analytic function over an interval, and how far may the computed one be off?
//
// Source. Davis & Rabinowitz, Methods of Numerical Integration (2nd ed.), section 2.7: Gauss's rule of three points.
// Notation. N panels of equal width w on [from, to]; on each the points m, m ± √(3/5) w/2 with the weights 8/18, 5/18,
// 5/18 of its width, m its middle.
// Bound. The rule's error on one panel is w⁷ f⁽⁶⁾(ξ)/2016000. Where f is analytic and |f| ≤ M at every complex point
// nearer to [from, to] than ρ, Cauchy gives |f⁽⁶⁾| ≤ 6! M/ρ⁶: in all at most |to − from| (w/ρ)⁶ M/2800.
// Assumptions. Rounding is the business of the number type.
// Why not a library's quadrature: it has no bound, only an estimate from its own last two refinements.
#pragma once

#include "theory/elementary.hpp"

namespace normproof::theory {

template <class T, class Function>
T panel_integral(const T& from, const T& to, int panels, Function f) {
  const T half = (to - from) / T(2 * panels);
  const T reach = half * sqrt(T(3) / T(5));
  T sum = T(0);
  for (int k = 0; k < panels; ++k) {
    const T middle = from + T(2 * k + 1) * half;
    const T below = middle - reach, above = middle + reach;
    sum += T(8) * f(middle) + T(5) * (f(below) + f(above));
  }
  return sum * half / T(9);
}

// The bound of the header: `largest` is M, `distance` ρ.
template <class T>
T panel_integral_bound(const T& length, int panels, const T& largest, const T& distance) {
  const T ratio = length / (T(panels) * distance);
  const T cube = ratio * ratio * ratio;
  return length * cube * cube * largest / T(2800);
}

}  // namespace normproof::theory
