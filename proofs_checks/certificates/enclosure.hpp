// Between which two numbers of 128 bits does the result of one exact operation lie?
//
// What       An Enclosure is a closed interval with MPFR endpoints, the lower one always rounded down and the upper one
//            up. Smooth functions follow from their monotonicity: exp, log, tanh, softplus and the logistic function
//            are increasing; their derivatives are polynomials in tanh and in the logistic function.
// Why        Written for rechecks alone. It shares nothing with numbers::Interval (MPFI), on which the engines run.
// Assumes    Operands are finite. A result that is not (it overflows) says so by is_finite().
#pragma once

#include <mpfr.h>

#include <string>

#include "proofs_checks/certificates/fraction.hpp"

namespace normproof::certificates {

class Enclosure {
 public:
  static constexpr mpfr_prec_t bits = 128;

  Enclosure() {
    mpfr_init2(low, bits);
    mpfr_init2(high, bits);
    mpfr_set_zero(low, 1);
    mpfr_set_zero(high, 1);
  }
  explicit Enclosure(long integer) : Enclosure() { set(integer); }
  Enclosure(const Enclosure& other) : Enclosure() { *this = other; }
  Enclosure& operator=(const Enclosure& other) {
    mpfr_set(low, other.low, MPFR_RNDD);
    mpfr_set(high, other.high, MPFR_RNDU);
    return *this;
  }
  ~Enclosure() {
    mpfr_clear(low);
    mpfr_clear(high);
  }

  void set(long integer) {
    mpfr_set_si(low, integer, MPFR_RNDD);
    mpfr_set_si(high, integer, MPFR_RNDU);
  }
  void set(const Fraction& from, const Fraction& to) {
    mpfr_set_q(low, from.get(), MPFR_RNDD);
    mpfr_set_q(high, to.get(), MPFR_RNDU);
  }

  bool is_finite() const { return mpfr_number_p(low) != 0 && mpfr_number_p(high) != 0; }
  bool is_zero() const { return mpfr_zero_p(low) != 0 && mpfr_zero_p(high) != 0; }
  bool is_positive() const { return mpfr_sgn(low) > 0; }
  bool is_negative() const { return mpfr_sgn(high) < 0; }
  bool is_nonnegative() const { return mpfr_sgn(low) >= 0; }
  bool is_nonpositive() const { return mpfr_sgn(high) <= 0; }

  mpfr_t low, high;  // read by the operations below
};

// Each sets `result`, which is none of its operands.
void add(Enclosure& result, const Enclosure& a, const Enclosure& b);
void subtract(Enclosure& result, const Enclosure& a, const Enclosure& b);
void multiply(Enclosure& result, const Enclosure& a, const Enclosure& b);
void square(Enclosure& result, const Enclosure& a);
void divide(Enclosure& result, const Enclosure& a, const Enclosure& b);  // b is positive or negative
void negate(Enclosure& result, const Enclosure& a);
void root(Enclosure& result, const Enclosure& a);  // of the part of a that is not negative; there is one
void hull(Enclosure& result, const Enclosure& a, const Enclosure& b);
// The order-th derivative, order ≤ 3, of exp, log (order 0, a positive), tanh or softplus.
void smooth(Enclosure& result, const std::string& function, long order, const Enclosure& a);

}  // namespace normproof::certificates
