// Which number type shows that the reference templates need no more of T than arithmetic and the named functions?
//
// A pair value + slope·e with e² = 0: running a formula on it differentiates the formula. It has no comparison, no
// conversion to double and only the constructor from int that the templates are allowed to use.
#pragma once

#include "impl/reference/elementary.hpp"

namespace dual_number {

struct Dual {
  double value = 0.0;
  double slope = 0.0;

  Dual() = default;
  explicit Dual(int constant) : value(constant) {}
  Dual(double value_in, double slope_in) : value(value_in), slope(slope_in) {}

  Dual& operator+=(const Dual& other) { return *this = Dual(value + other.value, slope + other.slope); }
  Dual& operator-=(const Dual& other) { return *this = Dual(value - other.value, slope - other.slope); }
  Dual& operator*=(const Dual& other) {
    return *this = Dual(value * other.value, slope * other.value + value * other.slope);
  }
  Dual& operator/=(const Dual& other) {
    const double quotient = value / other.value;
    return *this = Dual(quotient, (slope - quotient * other.slope) / other.value);
  }
};

inline Dual operator+(Dual left, const Dual& right) { return left += right; }
inline Dual operator-(Dual left, const Dual& right) { return left -= right; }
inline Dual operator*(Dual left, const Dual& right) { return left *= right; }
inline Dual operator/(Dual left, const Dual& right) { return left /= right; }
inline Dual operator-(const Dual& x) { return {-x.value, -x.slope}; }

inline Dual sqrt(const Dual& x) {
  const double root = normproof::reference::sqrt(x.value);
  return {root, x.slope / (2.0 * root)};
}
inline Dual tanh(const Dual& x) {
  return {normproof::reference::tanh(x.value), x.slope * normproof::reference::tanh_slope(x.value)};
}
inline Dual softplus(const Dual& x) {
  return {normproof::reference::softplus(x.value), x.slope * normproof::reference::softplus_slope(x.value)};
}
inline Dual relu(const Dual& x) {
  return {normproof::reference::relu(x.value), x.slope * normproof::reference::relu_slope(x.value)};
}
inline Dual clamp_below(const Dual& x, const Dual& lo) { return x.value > lo.value ? x : lo; }

// First derivatives only are wanted of a Dual, so the slope functions carry none themselves.
inline Dual tanh_slope(const Dual& x) { return {normproof::reference::tanh_slope(x.value), 0.0}; }
inline Dual softplus_slope(const Dual& x) { return {normproof::reference::softplus_slope(x.value), 0.0}; }
inline Dual relu_slope(const Dual& x) { return {normproof::reference::relu_slope(x.value), 0.0}; }
inline Dual clamp_below_slope(const Dual& x, const Dual& lo) {
  return {normproof::reference::clamp_below_slope(x.value, lo.value), 0.0};
}

}  // namespace dual_number
