// What do the two primitives, choice by sign and smooth functions, do on double?
#pragma once

#include <cmath>
#include <cstdint>

namespace normproof::numbers {

enum class Smooth : std::uint8_t { exp, log, tanh, softplus };

using std::sqrt;

inline double select_positive(double condition, double if_positive, double otherwise) {
  return condition > 0 ? if_positive : otherwise;
}

// The order-th derivative, order 0 … 3 and NaN beyond, in terms of t = tanh x and of the logistic function
// p = softplus′(x).
inline double smooth(Smooth function, int order, double x) {
  if (order > 3) return NAN;
  switch (function) {
    case Smooth::exp: return std::exp(x);
    case Smooth::log: return std::log(x);
    case Smooth::tanh: {
      const double t = std::tanh(x);
      if (order == 0) return t;
      if (order == 1) return 1 - t * t;
      if (order == 2) return -2 * t * (1 - t * t);
      return (1 - t * t) * (6 * t * t - 2);
    }
    case Smooth::softplus: {
      if (order == 0) return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
      const double p = 1 / (1 + std::exp(-x));
      if (order == 1) return p;
      if (order == 2) return p * (1 - p);
      return p * (1 - p) * (1 - 2 * p);
    }
  }
  return NAN;
}

}  // namespace normproof::numbers
