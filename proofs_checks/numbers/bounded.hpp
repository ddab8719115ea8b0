// How far can a double be from what exact arithmetic would have given?
//
// What       A Bounded is a double with a bound that was computed along with it: |value − exact| ≤ error, where exact
//            is the result of the same operations in the real numbers. value is bit for bit what plain double gives.
//            Started with an error above 0 the same rules enclose a whole interval of exact values.
// Source     Running error analysis: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), § 3.3.
// Notation   u = 2⁻⁵³, η = 2⁻¹⁰⁷⁴ (the least positive double); A = a + α with |α| ≤ e_a stands for the exact operand,
//            and likewise B = b + β; v is the double result. Rounding to nearest: |v − (a ∘ b)| ≤ u|v|, and where a
//            product, quotient or smooth function underflows ≤ η more; sums and differences that underflow are exact.
//   a ± b    e_a + e_b + u|v|
//   a · b    |a| e_b + |b| e_a + e_a e_b + u|v| + 8η, and 0 where a or b is exactly 0
//   a / b    (e_a + |v| e_b + 8η [e_b > 0])/(|b| − e_b) + u|v| + 8η, for A/B − a/b = (α − (a/b) β)/B; the first 8η is
//            for |v| e_b, which may underflow before a small divisor makes it large again
//   √a       e_a/(√a + √(a − e_a)) + u|v| + 8η, for √A − √a = α/(√a + √A)
// Its own    Each line takes at most 8 roundings of terms that are not negative, so what is computed is at least
// rounding   (1 − u)⁸ of the true line, less 5 underflows of η/2 which 8η covers (the rounding of v takes one η).
//            (1 − u)⁸ (1 + 16u)(1 − u) ≥ 1: the factor 1 + 16u makes it a bound again.
// Assumes    Rounding to nearest, subnormals kept, no contraction. And one assumption that is not a theorem: exp,
//            expm1, log, log1p and tanh of the C library are within 4 ulp (8u relative) of the exact value; glibc
//            documents 1 to 2 for double. Evidence that used it says so.
// Outside    A divisor that may be 0, a root that may be of a negative number, a sign that the bound does not decide (0
//            with error 0 is decided: it is not positive), and whatever overflows: OutsideDomain.
#pragma once

#include <cmath>
#include <limits>

#include "proofs_checks/numbers/elementary.hpp"
#include "theory/rounding/unit_roundoff.hpp"

namespace normproof::numbers {

struct Bounded {
  double value = 0;
  double error = 0;

  Bounded() = default;
  Bounded(int integer) : value(integer) {}  // NOLINT(google-explicit-constructor): generic code writes T(2) and 2 * x
  explicit Bounded(double exact) : value(exact) {}
  Bounded(double v, double e) : value(v), error(e) {}

  bool is_exact_zero() const { return value == 0 && error == 0; }
  bool certainly_positive() const { return value > error; }
  bool may_vanish() const { return !(std::abs(value) > error); }
};

namespace bounded {

inline constexpr double u = theory::unit_roundoff_double;
inline constexpr double underflow = 8 * std::numeric_limits<double>::denorm_min();
inline constexpr double inflate = 1 + 16 * u;
inline constexpr double libm = 8 * u;  // assumed, see above

[[noreturn]] inline void throw_outside(OutsideDomain::Reason reason, const char* message) {
  throw OutsideDomain(reason, message);
}

inline Bounded result(double value, double error) {
  const double inflated = error * inflate;
  constexpr double largest = std::numeric_limits<double>::max();
  if (!(std::abs(value) <= largest && inflated <= largest))
    throw_outside(OutsideDomain::Reason::not_representable, "a double overflows here");
  return {value, inflated};
}

}  // namespace bounded

inline Bounded operator-(const Bounded& a) { return {-a.value, a.error}; }

inline Bounded operator+(const Bounded& a, const Bounded& b) {
  const double value = a.value + b.value;
  return bounded::result(value, a.error + b.error + bounded::u * std::abs(value));
}

inline Bounded operator-(const Bounded& a, const Bounded& b) {
  const double value = a.value - b.value;
  return bounded::result(value, a.error + b.error + bounded::u * std::abs(value));
}

inline Bounded operator*(const Bounded& a, const Bounded& b) {
  const double value = a.value * b.value;
  if (a.is_exact_zero() || b.is_exact_zero()) return {value, 0};
  const double propagated = std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error;
  return bounded::result(value, propagated + bounded::u * std::abs(value) + bounded::underflow);
}

inline Bounded operator/(const Bounded& a, const Bounded& b) {
  if (b.may_vanish()) bounded::throw_outside(OutsideDomain::Reason::division_by_zero, "a divisor may be zero");
  const double value = a.value / b.value;
  if (a.is_exact_zero()) return {value, 0};
  // |a/b| ≤ |v|(1 + u) + η; the (1 + u) is one of the 8 roundings.
  const double quotient = std::abs(value) + bounded::underflow;
  const double lost = b.error > 0 ? bounded::underflow : 0;
  const double propagated = (a.error + quotient * b.error + lost) / (std::abs(b.value) - b.error);
  return bounded::result(value, propagated + bounded::u * std::abs(value) + bounded::underflow);
}

inline Bounded& operator+=(Bounded& a, const Bounded& b) { return a = a + b; }
inline Bounded& operator-=(Bounded& a, const Bounded& b) { return a = a - b; }
inline Bounded& operator*=(Bounded& a, const Bounded& b) { return a = a * b; }
inline Bounded& operator/=(Bounded& a, const Bounded& b) { return a = a / b; }

inline Bounded sqrt(const Bounded& a) {
  if (!(a.value >= a.error))
    bounded::throw_outside(OutsideDomain::Reason::no_square_root, "a root may be of a negative number");
  if (a.is_exact_zero()) return a;
  const double value = std::sqrt(a.value);
  const double propagated = a.error / (value + std::sqrt(a.value - a.error));
  return bounded::result(value, propagated + bounded::u * value + bounded::underflow);
}

inline Bounded select_positive(const Bounded& condition, const Bounded& if_positive, const Bounded& otherwise) {
  if (condition.is_exact_zero()) return otherwise;
  if (condition.may_vanish())
    bounded::throw_outside(OutsideDomain::Reason::sign_undecided, "rounding hides the sign of a condition");
  return condition.value > 0 ? if_positive : otherwise;
}

namespace bounded {

// Each line: (a bound on |f′| over the enclosure) · e + what the library call may be off by; few roundings more.
inline Bounded exp(const Bounded& x) {
  const double value = std::exp(x.value);
  // |exp Y − exp x| ≤ exp(x) (exp(e) − 1); each computed factor is within libm of its own, but for underflow.
  const double propagated = (value + underflow) * std::expm1(x.error) * (1 + 4 * libm);
  return result(value, propagated + libm * value + underflow);
}

inline Bounded log(const Bounded& x) {
  if (!x.certainly_positive())
    throw_outside(OutsideDomain::Reason::not_representable, "a logarithm may be of a number that is not positive");
  const double value = std::log(x.value);
  const double propagated = x.error / (x.value - x.error);
  return result(value, propagated + libm * std::abs(value) + underflow);
}

inline Bounded tanh(const Bounded& x) {  // |tanh′| ≤ 1
  const double value = std::tanh(x.value);
  return result(value, x.error + libm * std::abs(value) + underflow);
}

// x > 0 ? x + log1p(exp(−x)) : log1p(exp(x)), as in native.hpp. With E = exp(−|x|) and L = log1p(E): E is off by
// libm · E(1 + libm), which log1p′ ≤ 1 passes on, L by libm · L, the sum by u|v|; and L ≤ E. |softplus′| ≤ 1.
inline Bounded softplus(const Bounded& x) {
  const double value = smooth(Smooth::softplus, 0, x.value);
  const double small = std::exp(-std::abs(x.value));
  return result(value, x.error + (2 + 4 * libm) * libm * small + u * value + underflow);
}

// p = 1/(1 + exp(−x)): relative error libm from exp, u from each of + and /, and their products. An exponential that
// overflows gives 0 for a p below 2⁻¹⁰²³. |p′| ≤ 1/4.
inline Bounded logistic(const Bounded& x) {
  constexpr double below_overflow = 0x1p-1022;
  const double value = 1 / (1 + std::exp(-x.value));
  return result(value, x.error / 4 + (libm + 4 * u) * value + (value > 0 ? underflow : below_overflow));
}

}  // namespace bounded

// The derivatives of tanh and softplus as native.hpp has them, in terms of t = tanh x and p = softplus′(x).
constexpr int most_derivatives = 3;
inline void require_derivative(int order) {
  if (order > most_derivatives)
    throw OutsideDomain(OutsideDomain::Reason::not_representable, "no derivative of this order is known");
}

template <class T>
T tanh_derivative(int order, const T& t) {
  require_derivative(order);
  if (order == 1) return T(1) - t * t;
  if (order == 2) return T(-2) * t * (T(1) - t * t);
  return (T(1) - t * t) * (T(6) * t * t - T(2));
}

template <class T>
T softplus_derivative(int order, const T& p) {
  require_derivative(order);
  if (order == 1) return p;
  if (order == 2) return p * (T(1) - p);
  return p * (T(1) - p) * (T(1) - T(2) * p);
}

inline Bounded smooth(Smooth function, int order, const Bounded& x) {
  switch (function) {
    case Smooth::exp: return bounded::exp(x);
    case Smooth::log: return bounded::log(x);
    case Smooth::tanh: return order == 0 ? bounded::tanh(x) : tanh_derivative(order, bounded::tanh(x));
    case Smooth::softplus: return order == 0 ? bounded::softplus(x) : softplus_derivative(order, bounded::logistic(x));
  }
  bounded::throw_outside(OutsideDomain::Reason::not_representable, "no such smooth function");
}

}  // namespace normproof::numbers
