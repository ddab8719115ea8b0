// What would a floating-point format of a few bits compute?
//
// What       A number with `bits` significant bits and any exponent: every operation is done in double and rounded to
//            the nearest such number, ties to even.
// Source     S. A. Figueroa, When is double rounding innocuous?, SIGNUM Newsletter 30 (1995): with 53 ≥ 2·bits + 2 the
//            two roundings of +, −, ·, / and √ are one.
// Assumes    Nothing overflows or underflows in double.
// Why        With so few bits a space of inputs is small enough to be enumerated, and n·u passes 1 after a few terms.
#pragma once

#include <cmath>

namespace normproof::numbers {

inline double rounded_to_bits(double value, int bits) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int last_digit = std::ilogb(value) + 1 - bits;
  return std::ldexp(std::nearbyint(std::ldexp(value, -last_digit)), last_digit);
}

template <int bits>
class FewBits {
  static_assert(bits >= 1 && 2 * bits + 2 <= 53);

 public:
  static constexpr double unit_roundoff = 1.0 / (1 << bits);

  FewBits() = default;
  FewBits(int integer) : FewBits(static_cast<double>(integer)) {}  // NOLINT(google-explicit-constructor): T(2)
  explicit FewBits(double value) : value_(rounded_to_bits(value, bits)) {}
  explicit operator double() const { return value_; }

  friend FewBits operator+(FewBits a, FewBits b) { return FewBits(a.value_ + b.value_); }
  friend FewBits operator-(FewBits a, FewBits b) { return FewBits(a.value_ - b.value_); }
  friend FewBits operator*(FewBits a, FewBits b) { return FewBits(a.value_ * b.value_); }
  friend FewBits operator/(FewBits a, FewBits b) { return FewBits(a.value_ / b.value_); }
  friend FewBits sqrt(FewBits a) { return FewBits(std::sqrt(a.value_)); }
  FewBits& operator+=(FewBits b) { return *this = *this + b; }

 private:
  double value_ = 0;
};

}  // namespace normproof::numbers
