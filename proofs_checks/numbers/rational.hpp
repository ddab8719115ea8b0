// How are counterexamples evaluated in exact fractions?
//
// What       Rationals (GMP). sqrt is exact or OutsideDomain: counterexamples are sought where every root is rational.
//            Smooth functions have no rational values and are OutsideDomain, but at the points where they do:
//            exp 0 = 1, log 1 = 0, tanh 0 = 0 with tanh′ 0 = 1.
#pragma once

#include <boost/multiprecision/gmp.hpp>
#include <string>

#include "proofs_checks/numbers/elementary.hpp"
#include "proofs_checks/numbers/tape.hpp"

namespace normproof::numbers {

class Rational {
 public:
  using Value = boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

  Rational() = default;
  Rational(int integer) : value_(integer) {}  // NOLINT(google-explicit-constructor): generic code writes T(2)
  Rational(long numerator, long denominator) : value_(Value(numerator) / Value(denominator)) {}
  explicit Rational(Value value) : value_(std::move(value)) {}

  const Value& value() const { return value_; }
  std::string fraction() const { return value_.str(); }  // lowest terms, positive denominator
  bool is_zero() const { return value_ == 0; }
  bool is_positive() const { return value_ > 0; }

  friend Rational operator+(const Rational& a, const Rational& b) { return Rational(Value(a.value_ + b.value_)); }
  friend Rational operator-(const Rational& a, const Rational& b) { return Rational(Value(a.value_ - b.value_)); }
  friend Rational operator*(const Rational& a, const Rational& b) { return Rational(Value(a.value_ * b.value_)); }
  friend Rational operator-(const Rational& a) { return Rational(Value(-a.value_)); }
  friend Rational operator/(const Rational& a, const Rational& b) {
    if (b.is_zero()) throw OutsideDomain(OutsideDomain::Reason::division_by_zero, "division by zero");
    return Rational(Value(a.value_ / b.value_));
  }
  Rational& operator+=(const Rational& b) { return *this = *this + b; }
  Rational& operator-=(const Rational& b) { return *this = *this - b; }
  Rational& operator*=(const Rational& b) { return *this = *this * b; }
  Rational& operator/=(const Rational& b) { return *this = *this / b; }
  friend bool operator==(const Rational& a, const Rational& b) { return a.value_ == b.value_; }
  friend bool operator<(const Rational& a, const Rational& b) { return a.value_ < b.value_; }

 private:
  Value value_;
};

inline Rational sqrt(const Rational& x) {
  const boost::multiprecision::mpz_int top(numerator(x.value())), bottom(denominator(x.value()));
  if (top < 0 || !mpz_perfect_square_p(top.backend().data()) || !mpz_perfect_square_p(bottom.backend().data()))
    throw OutsideDomain(OutsideDomain::Reason::no_square_root, "no rational root");
  return Rational(
      Rational::Value(boost::multiprecision::mpz_int(sqrt(top)), boost::multiprecision::mpz_int(sqrt(bottom))));
}

inline Rational select_positive(const Rational& condition, const Rational& if_positive, const Rational& otherwise) {
  return condition.is_positive() ? if_positive : otherwise;
}

inline Rational smooth(Smooth function, int order, const Rational& x) {
  if (function == Smooth::exp && x.is_zero()) return Rational(1);
  if (function == Smooth::log && order == 0 && x == Rational(1)) return Rational(0);
  if (function == Smooth::tanh && order <= 1 && x.is_zero()) return Rational(order);
  throw OutsideDomain(OutsideDomain::Reason::not_representable, "a smooth function without a rational value");
}

}  // namespace normproof::numbers
