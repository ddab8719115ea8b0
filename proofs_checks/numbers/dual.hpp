// What is the derivative of a program, exactly, along one direction?
//
// What       Dual<T> = value + tangent·δ with δ² = 0, over any number type T, itself included: Dual<Dual<T>> carries
//            second derivatives. Running f on x + v·δ gives f(x) + f′(x)[v]·δ.
// Why        (a + a′δ)(b + b′δ) = ab + (a′b + ab′)δ, and likewise for every operation below: differentiation is
//            arithmetic in a larger ring, so over an exact T the derivative is exact. No step size, no tolerance.
// Roots      r = √x gives r′ = x′/(2r) from r² = x: the derivative follows the root that T chose.
// Kinks      select_positive passes the tangent of the branch that T takes; on the kink that is the lower branch's.
#pragma once

#include "proofs_checks/numbers/elementary.hpp"
#include "proofs_checks/numbers/tape.hpp"

namespace normproof::numbers {

template <class T>
struct Dual {
  T value = T(0);
  T tangent = T(0);

  Dual() = default;
  Dual(int integer) : value(integer) {}  // NOLINT(google-explicit-constructor): generic code writes T(2) and 2 * x
  explicit Dual(const T& v) : value(v) {}
  Dual(const T& v, const T& t) : value(v), tangent(t) {}

  friend Dual operator+(const Dual& a, const Dual& b) { return {a.value + b.value, a.tangent + b.tangent}; }
  friend Dual operator-(const Dual& a, const Dual& b) { return {a.value - b.value, a.tangent - b.tangent}; }
  friend Dual operator-(const Dual& a) { return {-a.value, -a.tangent}; }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.tangent * b.value + a.value * b.tangent};
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const T quotient = a.value / b.value;  // (a/b)′ = (a′ − (a/b) b′)/b
    return {quotient, (a.tangent - quotient * b.tangent) / b.value};
  }
  Dual& operator+=(const Dual& other) { return *this = *this + other; }
  Dual& operator-=(const Dual& other) { return *this = *this - other; }
  Dual& operator*=(const Dual& other) { return *this = *this * other; }
  Dual& operator/=(const Dual& other) { return *this = *this / other; }
};

template <class T>
Dual<T> sqrt(const Dual<T>& x) {
  const T root = sqrt(x.value);
  return {root, x.tangent / (T(2) * root)};
}

template <class T>
Dual<T> select_positive(const Dual<T>& condition, const Dual<T>& if_positive, const Dual<T>& otherwise) {
  return {select_positive(condition.value, if_positive.value, otherwise.value),
          select_positive(condition.value, if_positive.tangent, otherwise.tangent)};
}

template <class T>
Dual<T> smooth(Smooth function, int order, const Dual<T>& x) {
  if (function == Smooth::log && order == 0) return {smooth(function, 0, x.value), x.tangent / x.value};
  return {smooth(function, order, x.value), smooth(function, order + 1, x.value) * x.tangent};
}

}  // namespace normproof::numbers
