// How does the reference code evaluate roots, exponentials, activations and clamps on double?
//
// Every algorithm in impl/reference/ is a template on a number type T and calls these functions without a namespace.
// For double they are found here; another number type brings its own in its own namespace (argument-dependent lookup).
//
//   relu(x) = max{x, 0}                 relu_slope(x) = 1 where x > 0, else 0
//   softplus(x) = log(1 + eˣ)           softplus_slope(x) = 1/(1 + e⁻ˣ)
//   tanh(x)                             tanh_slope(x) = 1 − tanh²x = 1/cosh²x
//   clamp_below(x, lo) = max{x, lo}     clamp_below_slope(x, lo) = 1 where x > lo, else 0   (derivative in x)
//
// A NaN argument stays NaN in every value (not in the slopes of relu and clamp_below, which are 0 there).
#pragma once

#include <cmath>

namespace normproof::reference {

using std::exp;
using std::log;
using std::sqrt;
using std::tanh;

inline double relu(double x) { return x < 0.0 ? 0.0 : x; }

inline double relu_slope(double x) { return x > 0.0 ? 1.0 : 0.0; }

// max{x, 0} + log(1 + e^(−|x|)): eˣ itself would overflow for large x.
inline double softplus(double x) { return relu(x) + std::log1p(std::exp(-std::fabs(x))); }

inline double softplus_slope(double x) {
  const double decayed = std::exp(-std::fabs(x));
  return (x < 0.0 ? decayed : 1.0) / (1.0 + decayed);
}

// 1 − tanh² cancels once tanh is close to ±1.
inline double tanh_slope(double x) {
  const double sech = 1.0 / std::cosh(x);
  return sech * sech;
}

inline double clamp_below(double x, double lo) { return x < lo ? lo : x; }

inline double clamp_below_slope(double x, double lo) { return x > lo ? 1.0 : 0.0; }

}  // namespace normproof::reference
