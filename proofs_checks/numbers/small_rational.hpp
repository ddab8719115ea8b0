// How are most small points judged without GMP?
//
// What       Fractions whose numerators and denominators stay below 2⁶² in magnitude, in 64-bit integers. An operation
//            whose result does not fit sets a flag of this thread, and what comes out of it means nothing: whoever
//            replays on SmallRational clears the flag before, and where it is set afterwards, be it after an exception,
//            replays on Rational instead.
// Why        Counterexamples are sought among small fractions, nearly all of which refute nothing. The point that does
//            is evaluated on Rational in any case.
#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>

#include "proofs_checks/numbers/elementary.hpp"
#include "proofs_checks/numbers/tape.hpp"

namespace normproof::numbers {

class SmallRational {
 public:
  SmallRational() = default;
  SmallRational(int integer) : numerator_(integer) {}  // NOLINT(google-explicit-constructor): generic code writes T(2)
  // In lowest terms, denominator > 0.
  SmallRational(int numerator, int denominator) : numerator_(numerator), denominator_(denominator) {}

  static bool& overflowed() {
    static thread_local bool flag = false;
    return flag;
  }

  std::int64_t numerator() const { return numerator_; }
  std::int64_t denominator() const { return denominator_; }
  bool is_zero() const { return numerator_ == 0; }
  bool is_positive() const { return numerator_ > 0; }

  friend SmallRational operator+(const SmallRational& a, const SmallRational& b) { return sum(a, b, 1); }
  friend SmallRational operator-(const SmallRational& a, const SmallRational& b) { return sum(a, b, -1); }
  friend SmallRational operator-(const SmallRational& a) { return raw(-a.numerator_, a.denominator_); }
  friend SmallRational operator*(const SmallRational& a, const SmallRational& b) {
    if (a.denominator_ == 1 && b.denominator_ == 1) return checked(Wide(a.numerator_) * b.numerator_, 1);
    // Each numerator against the other's denominator: the product is then in lowest terms.
    const std::int64_t g = std::gcd(a.numerator_, b.denominator_), h = std::gcd(b.numerator_, a.denominator_);
    return checked(Wide(a.numerator_ / g) * (b.numerator_ / h), Wide(a.denominator_ / h) * (b.denominator_ / g));
  }
  friend SmallRational operator/(const SmallRational& a, const SmallRational& b) {
    if (b.is_zero()) throw OutsideDomain(OutsideDomain::Reason::division_by_zero, "division by zero");
    return a * (b.numerator_ > 0 ? raw(b.denominator_, b.numerator_) : raw(-b.denominator_, -b.numerator_));
  }
  SmallRational& operator+=(const SmallRational& b) { return *this = *this + b; }
  SmallRational& operator-=(const SmallRational& b) { return *this = *this - b; }
  SmallRational& operator*=(const SmallRational& b) { return *this = *this * b; }
  SmallRational& operator/=(const SmallRational& b) { return *this = *this / b; }
  friend bool operator==(const SmallRational& a, const SmallRational& b) {
    return a.numerator_ == b.numerator_ && a.denominator_ == b.denominator_;
  }
  friend bool operator<(const SmallRational& a, const SmallRational& b) {
    return Wide(a.numerator_) * b.denominator_ < Wide(b.numerator_) * a.denominator_;
  }

  friend SmallRational sqrt(const SmallRational& x) {
    const std::int64_t top = root(x.numerator_), bottom = root(x.denominator_);
    if (top < 0 || bottom < 0) throw OutsideDomain(OutsideDomain::Reason::no_square_root, "no rational root");
    return raw(top, bottom);
  }

 private:
  __extension__ using Wide = __int128;
  static constexpr std::int64_t limit = std::int64_t{1} << 62;

  static SmallRational raw(std::int64_t numerator, std::int64_t denominator) {
    SmallRational x;
    x.numerator_ = numerator;
    x.denominator_ = denominator;
    return x;
  }
  static SmallRational checked(Wide numerator, Wide denominator) {
    if (numerator <= -limit || numerator >= limit || denominator >= limit) {
      overflowed() = true;
      return SmallRational(1);
    }
    return raw(static_cast<std::int64_t>(numerator), static_cast<std::int64_t>(denominator));
  }
  static SmallRational sum(const SmallRational& a, const SmallRational& b, int sign) {
    if (a.denominator_ == b.denominator_) {
      const std::int64_t n = a.numerator_ + sign * b.numerator_;  // below 2⁶³
      const std::int64_t g = a.denominator_ == 1 ? 1 : std::gcd(n, a.denominator_);
      return checked(n / g, a.denominator_ / g);
    }
    const std::int64_t g = std::gcd(a.denominator_, b.denominator_);
    const std::int64_t of_a = b.denominator_ / g, of_b = a.denominator_ / g;
    const Wide n = Wide(a.numerator_) * of_a + sign * Wide(b.numerator_) * of_b;  // below 2¹²⁵
    // Only factors of g can be common to the numerator and the denominator.
    const std::int64_t h = g == 1 ? 1 : std::gcd(static_cast<std::int64_t>(n % g), g);
    return checked(n / h, Wide(of_a) * (a.denominator_ / h));
  }
  // −1 where x is not a square.
  static std::int64_t root(std::int64_t x) {
    if (x < 0) return -1;
    auto r = static_cast<std::int64_t>(std::sqrt(static_cast<double>(x)));
    while (r * r > x) --r;
    while ((r + 1) * (r + 1) <= x) ++r;
    return r * r == x ? r : -1;
  }

  std::int64_t numerator_ = 0, denominator_ = 1;
};

inline SmallRational select_positive(const SmallRational& condition, const SmallRational& if_positive,
                                     const SmallRational& otherwise) {
  return condition.is_positive() ? if_positive : otherwise;
}

inline SmallRational smooth(Smooth function, int order, const SmallRational& x) {
  if (function == Smooth::exp && x.is_zero()) return {1};
  if (function == Smooth::log && order == 0 && x == SmallRational(1)) return {0};
  if (function == Smooth::tanh && order <= 1 && x.is_zero()) return {order};
  throw OutsideDomain(OutsideDomain::Reason::not_representable, "a smooth function without a rational value");
}

}  // namespace normproof::numbers
