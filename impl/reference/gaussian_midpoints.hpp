// What does the midpoint rule give for the expectation of a function of one normal number?
//
// Source. Trefethen & Weideman, SIAM Review 56 (2014): equal weights on the whole line are as good as any for what is
// analytic in a strip, wherever the points start.
//
//   t_k = (k + 1/2)h, h = 1/per_unit, |t_k| < reach                          the middles of pieces of length h
//   q_k = e^(−t_k²/2)/Σ_j e^(−t_j²/2)
//   E g(m + σN) ≈ Σ_k q_k g(m + σ t_k)                                       gaussian_mean
//
// Assumptions. per_unit ≥ 1, reach ≥ 1.
#pragma once

#include "impl/reference/elementary.hpp"

namespace normproof::reference {

template <class T, class Function>
T gaussian_mean(int per_unit, int reach, const T& m, const T& sigma, Function g) {
  T sum = T(0), weights = T(0);
  for (int k = -per_unit * reach; k < per_unit * reach; ++k) {
    const T point = T(2 * k + 1) / T(2 * per_unit);
    const T exponent = -(point * point) / T(2);
    const T weight = exp(exponent), argument = m + sigma * point;
    sum += weight * g(argument);
    weights += weight;
  }
  return sum / weights;
}

}  // namespace normproof::reference
