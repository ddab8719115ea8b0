// Between which two numbers of 80 digits does the exact result lie?
//
// What       An Interval is an MPFI enclosure of 80 decimal digits, through Boost.Multiprecision. It is the oracle of
//            the floating-point evidence, and carries its own error: whatever is concluded from it is a theorem as far
//            as MPFI and MPFR are right.
// Assumes    MPFR's exponents (±2⁶² at least) never overflow on what doubles start; an enclosure that does is unbounded
//            and decides nothing (is_bounded).
// Why        Boost's own comparisons of intervals throw inside noexcept functions where the answer is ambiguous, so
//            every question is asked of MPFI directly.
#pragma once

#include <boost/multiprecision/mpfi.hpp>

#include <algorithm>
#include <array>
#include <string>

#include "proofs_checks/numbers/bounded.hpp"
#include "proofs_checks/numbers/elementary.hpp"

namespace normproof::numbers {

class Interval {
 public:
  static constexpr unsigned decimal_digits = 80;
  using Enclosure = boost::multiprecision::number<boost::multiprecision::mpfi_float_backend<decimal_digits>,
                                                  boost::multiprecision::et_off>;

  Interval() = default;
  Interval(int integer) : enclosure_(integer) {}  // NOLINT(google-explicit-constructor): generic code writes T(2)
  explicit Interval(double exact) : enclosure_(exact) {}
  static Interval between(double low, double high) {
    Interval interval;
    mpfi_interv_d(interval.data(), low, high);
    return interval;
  }

  mpfi_ptr data() { return enclosure_.backend().data(); }
  mpfi_srcptr data() const { return enclosure_.backend().data(); }
  mpfr_srcptr left() const { return &data()->left; }
  mpfr_srcptr right() const { return &data()->right; }

  bool is_bounded() const { return mpfi_nan_p(data()) == 0 && mpfi_bounded_p(data()) != 0; }
  bool contains_zero() const { return mpfi_has_zero(data()) > 0; }
  bool is_exact_zero() const { return mpfr_zero_p(left()) != 0 && mpfr_zero_p(right()) != 0; }
  bool certainly_positive() const { return mpfi_is_strictly_pos(data()) > 0; }
  bool certainly_negative() const { return mpfi_is_strictly_neg(data()) > 0; }
  bool certainly_nonnegative() const { return mpfi_is_nonneg(data()) > 0; }
  double lower() const { return mpfr_get_d(left(), MPFR_RNDD); }
  double upper() const { return mpfr_get_d(right(), MPFR_RNDU); }
  double largest_magnitude() const { return std::max(std::abs(lower()), std::abs(upper())); }

  friend Interval operator+(const Interval& a, const Interval& b) { return Interval(a.enclosure_ + b.enclosure_); }
  friend Interval operator-(const Interval& a, const Interval& b) { return Interval(a.enclosure_ - b.enclosure_); }
  friend Interval operator*(const Interval& a, const Interval& b) { return Interval(a.enclosure_ * b.enclosure_); }
  friend Interval operator-(const Interval& a) { return Interval(-a.enclosure_); }
  friend Interval operator/(const Interval& a, const Interval& b) {
    // Not contains_zero: an enclosure with NaN, which no operation here makes, must not pass as a divisor either.
    if (!(mpfi_is_strictly_pos(b.data()) > 0 || mpfi_is_strictly_neg(b.data()) > 0))
      throw OutsideDomain(OutsideDomain::Reason::division_by_zero, "a divisor may be zero");
    return Interval(a.enclosure_ / b.enclosure_);
  }
  Interval& operator+=(const Interval& other) { return *this = *this + other; }
  Interval& operator-=(const Interval& other) { return *this = *this - other; }
  Interval& operator*=(const Interval& other) { return *this = *this * other; }
  Interval& operator/=(const Interval& other) { return *this = *this / other; }

 private:
  explicit Interval(Enclosure&& enclosure) : enclosure_(std::move(enclosure)) {}
  Enclosure enclosure_ = 0;
};

inline Interval sqrt(const Interval& x) {
  if (!(mpfi_is_nonneg(x.data()) > 0))
    throw OutsideDomain(OutsideDomain::Reason::no_square_root, "a root may be of a negative number");
  Interval root;
  mpfi_sqrt(root.data(), x.data());
  return root;
}

inline Interval select_positive(const Interval& condition, const Interval& if_positive, const Interval& otherwise) {
  if (condition.certainly_positive()) return if_positive;
  if (mpfi_is_strictly_neg(condition.data()) > 0 || condition.is_exact_zero()) return otherwise;
  throw OutsideDomain(OutsideDomain::Reason::sign_undecided, "the sign of a condition is not decided");
}

namespace interval {

using MpfiFunction = int (*)(mpfi_ptr, mpfi_srcptr);

// What MPFR keeps per thread (constants, scratch integers) it does not give back by itself when the thread ends.
inline void give_back_at_thread_end() {
  struct GivesBack {
    ~GivesBack() { mpfr_free_cache(); }
  };
  thread_local const GivesBack at_thread_end;
  static_cast<void>(&at_thread_end);
}

inline Interval apply(MpfiFunction function, const Interval& x) {
  give_back_at_thread_end();
  Interval y;
  function(y.data(), x.data());
  return y;
}

// log(1 + eˣ), or x + log(1 + e⁻ˣ) where eˣ is large: the same number, a narrower enclosure.
inline Interval softplus(const Interval& x) {
  constexpr double large = 64;
  if (mpfr_cmp_d(x.right(), large) <= 0) return apply(mpfi_log1p, apply(mpfi_exp, x));
  return x + apply(mpfi_log1p, apply(mpfi_exp, -x));
}

inline Interval logistic(const Interval& x) { return Interval(1) / (Interval(1) + apply(mpfi_exp, -x)); }

}  // namespace interval

inline Interval smooth(Smooth function, int order, const Interval& x) {
  switch (function) {
    case Smooth::exp: return interval::apply(mpfi_exp, x);
    case Smooth::log:
      if (!x.certainly_positive())
        throw OutsideDomain(OutsideDomain::Reason::not_representable,
                            "a logarithm may be of a number that is not positive");
      return interval::apply(mpfi_log, x);
    case Smooth::tanh: {
      const Interval t = interval::apply(mpfi_tanh, x);
      return order == 0 ? t : tanh_derivative(order, t);
    }
    case Smooth::softplus:
      return order == 0 ? interval::softplus(x) : softplus_derivative(order, interval::logistic(x));
  }
  throw OutsideDomain(OutsideDomain::Reason::not_representable, "no such smooth function");
}

inline bool certainly_above(const Interval& a, const Interval& b) { return mpfr_cmp(a.left(), b.right()) > 0; }
inline bool certainly_disjoint(const Interval& a, const Interval& b) {
  return certainly_above(a, b) || certainly_above(b, a);
}

// Does `a`, which is bounded, lie farther than `distance` from the double d, whatever number of the enclosure it is?
inline bool certainly_farther(const Interval& a, double d, double distance) {
  const Interval difference = a - Interval(d);
  return mpfr_cmp_d(difference.left(), distance) > 0 || mpfr_cmp_d(difference.right(), -distance) < 0;
}

// Is the hull of a and b at most 2^−bits · scale wide, scale the largest magnitude in `scale`? Not where NaN is.
inline bool hull_is_narrow(const Interval& a, const Interval& b, const Interval& scale, int bits) {
  Interval hull, magnitude;
  mpfi_union(hull.data(), a.data(), b.data());
  mpfi_abs(magnitude.data(), scale.data());
  Interval width;
  mpfr_ptr width_bound = &width.data()->right;
  mpfr_sub(width_bound, hull.right(), hull.left(), MPFR_RNDU);
  mpfr_mul_2si(width_bound, width_bound, bits, MPFR_RNDU);
  return mpfr_lessequal_p(width_bound, magnitude.right()) != 0;
}

// The middle in decimals, for people; never to compute with.
inline std::string decimal(const Interval& x) {
  constexpr std::size_t enough = 64;
  interval::give_back_at_thread_end();
  std::array<char, enough> text = {};
  Interval middle;
  mpfr_ptr value = &middle.data()->left;
  mpfi_mid(value, x.data());
  mpfr_snprintf(text.data(), text.size(), "%.17Rg", value);
  return text.data();
}

}  // namespace normproof::numbers
