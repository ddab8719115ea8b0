// What are relu, clamp_below, tanh and softplus on a number type that has select_positive and smooth?
//
// Why        theory/ and impl/reference/ find these by argument-dependent lookup. Every number type of this folder gets
//            all of them from two primitives, so a kink or a smooth function means the same thing everywhere:
//            a slope is the derivative away from the kink, and takes the value of the lower branch on it.
#pragma once

#include "proofs_checks/numbers/tape.hpp"

namespace normproof::numbers {

template <class T>
concept HasSelectAndSmooth = requires(const T& x) {
  select_positive(x, x, x);
  smooth(Smooth::tanh, 0, x);
};

// clang-format off
template <HasSelectAndSmooth T> T relu(const T& x) { return select_positive(x, x, T(0)); }
template <HasSelectAndSmooth T> T relu_slope(const T& x) { return select_positive(x, T(1), T(0)); }
template <HasSelectAndSmooth T> T clamp_below(const T& x, const T& low) { return select_positive(x - low, x, low); }
template <HasSelectAndSmooth T> T clamp_below_slope(const T& x, const T& low) {
  return select_positive(x - low, T(1), T(0));
}
template <HasSelectAndSmooth T> T exp(const T& x) { return smooth(Smooth::exp, 0, x); }
template <HasSelectAndSmooth T> T log(const T& x) { return smooth(Smooth::log, 0, x); }
template <HasSelectAndSmooth T> T tanh(const T& x) { return smooth(Smooth::tanh, 0, x); }
template <HasSelectAndSmooth T> T tanh_slope(const T& x) { return smooth(Smooth::tanh, 1, x); }
template <HasSelectAndSmooth T> T softplus(const T& x) { return smooth(Smooth::softplus, 0, x); }
template <HasSelectAndSmooth T> T softplus_slope(const T& x) { return smooth(Smooth::softplus, 1, x); }
// clang-format on

}  // namespace normproof::numbers
