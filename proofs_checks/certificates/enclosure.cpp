// How is each operation rounded outwards?
#include "proofs_checks/certificates/enclosure.hpp"

namespace normproof::certificates {

namespace {

// What MPFR keeps per thread (constants such as log 2) it does not give back by itself when the thread ends.
void give_back_at_thread_end() {
  struct GivesBack {
    ~GivesBack() { mpfr_free_cache(); }
  };
  thread_local const GivesBack at_thread_end;
  static_cast<void>(&at_thread_end);
}

using Function = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

void increasing(Enclosure& result, Function function, const Enclosure& a) {
  function(result.low, a.low, MPFR_RNDD);
  function(result.high, a.high, MPFR_RNDU);
}

// log(1 + eˣ) = max{x, 0} + log(1 + e^−|x|): no overflow, and e^−|x| is rounded in the direction of the result.
int softplus(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t direction) {
  mpfr_t small;
  mpfr_init2(small, Enclosure::bits);
  mpfr_abs(small, x, MPFR_RNDN);  // exact
  mpfr_neg(small, small, MPFR_RNDN);
  mpfr_exp(small, small, direction);
  mpfr_log1p(small, small, direction);
  const int inexact = mpfr_sgn(x) > 0 ? mpfr_add(y, x, small, direction) : mpfr_set(y, small, direction);
  mpfr_clear(small);
  return inexact;
}

// 1/(1 + e^−x)
int logistic(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t direction) {
  const mpfr_rnd_t opposite = direction == MPFR_RNDD ? MPFR_RNDU : MPFR_RNDD;
  mpfr_t bottom;
  mpfr_init2(bottom, Enclosure::bits);
  mpfr_neg(bottom, x, MPFR_RNDN);  // exact
  mpfr_exp(bottom, bottom, opposite);
  mpfr_add_ui(bottom, bottom, 1, opposite);
  const int inexact = mpfr_ui_div(y, 1, bottom, direction);
  mpfr_clear(bottom);
  return inexact;
}

// 1 − t², −2t(1 − t²), (1 − t²)(6t² − 2)
void tanh_derivative(Enclosure& result, long order, const Enclosure& t) {
  Enclosure t_squared, slope, factor, product;
  square(t_squared, t);
  subtract(slope, Enclosure(1), t_squared);
  if (order == 1) {
    result = slope;
  } else if (order == 2) {
    multiply(factor, Enclosure(-2), t);
    multiply(result, factor, slope);
  } else {
    multiply(product, Enclosure(6), t_squared);
    subtract(factor, product, Enclosure(2));
    multiply(result, slope, factor);
  }
}

// p, p(1 − p), p(1 − p)(1 − 2p)
void softplus_derivative(Enclosure& result, long order, const Enclosure& p) {
  Enclosure rest, slope, doubled, factor;
  if (order == 1) {
    result = p;
    return;
  }
  subtract(rest, Enclosure(1), p);
  multiply(slope, p, rest);
  if (order == 2) {
    result = slope;
    return;
  }
  multiply(doubled, Enclosure(2), p);
  subtract(factor, Enclosure(1), doubled);
  multiply(result, slope, factor);
}

}  // namespace

void add(Enclosure& result, const Enclosure& a, const Enclosure& b) {
  mpfr_add(result.low, a.low, b.low, MPFR_RNDD);
  mpfr_add(result.high, a.high, b.high, MPFR_RNDU);
}

void subtract(Enclosure& result, const Enclosure& a, const Enclosure& b) {
  mpfr_sub(result.low, a.low, b.high, MPFR_RNDD);
  mpfr_sub(result.high, a.high, b.low, MPFR_RNDU);
}

void negate(Enclosure& result, const Enclosure& a) {
  mpfr_neg(result.low, a.high, MPFR_RNDD);
  mpfr_neg(result.high, a.low, MPFR_RNDU);
}

void multiply(Enclosure& result, const Enclosure& a, const Enclosure& b) {
  if (a.is_nonnegative() && b.is_nonnegative()) {
    mpfr_mul(result.low, a.low, b.low, MPFR_RNDD);
    mpfr_mul(result.high, a.high, b.high, MPFR_RNDU);
  } else if (a.is_nonnegative()) {  // the least product has the least b, the greatest the greatest b
    mpfr_mul(result.low, a.high, b.low, MPFR_RNDD);
    mpfr_mul(result.high, b.is_nonpositive() ? a.low : a.high, b.high, MPFR_RNDU);
  } else if (b.is_nonnegative()) {
    multiply(result, b, a);
  } else if (a.is_nonpositive() && b.is_nonpositive()) {
    mpfr_mul(result.low, a.high, b.high, MPFR_RNDD);
    mpfr_mul(result.high, a.low, b.low, MPFR_RNDU);
  } else {  // at least one has both signs, the other too or is not positive
    mpfr_t other;
    mpfr_init2(other, Enclosure::bits);
    mpfr_mul(result.low, a.low, b.high, MPFR_RNDD);
    mpfr_mul(other, a.high, b.low, MPFR_RNDD);
    if (mpfr_less_p(other, result.low) != 0) mpfr_set(result.low, other, MPFR_RNDD);
    mpfr_mul(result.high, a.low, b.low, MPFR_RNDU);
    mpfr_mul(other, a.high, b.high, MPFR_RNDU);
    if (mpfr_greater_p(other, result.high) != 0) mpfr_set(result.high, other, MPFR_RNDU);
    mpfr_clear(other);
  }
}

void square(Enclosure& result, const Enclosure& a) {
  const bool grows = mpfr_cmpabs(a.high, a.low) >= 0;
  mpfr_sqr(result.high, grows ? a.high : a.low, MPFR_RNDU);
  if (a.is_nonnegative() || a.is_nonpositive())
    mpfr_sqr(result.low, grows ? a.low : a.high, MPFR_RNDD);
  else
    mpfr_set_zero(result.low, 1);
}

void divide(Enclosure& result, const Enclosure& a, const Enclosure& b) {
  if (b.is_positive()) {
    mpfr_div(result.low, a.low, a.is_nonnegative() ? b.high : b.low, MPFR_RNDD);
    mpfr_div(result.high, a.high, a.is_nonpositive() ? b.high : b.low, MPFR_RNDU);
  } else {
    mpfr_div(result.low, a.high, a.is_nonpositive() ? b.low : b.high, MPFR_RNDD);
    mpfr_div(result.high, a.low, a.is_nonnegative() ? b.low : b.high, MPFR_RNDU);
  }
}

void root(Enclosure& result, const Enclosure& a) {
  if (a.is_nonnegative())
    mpfr_sqrt(result.low, a.low, MPFR_RNDD);
  else
    mpfr_set_zero(result.low, 1);
  mpfr_sqrt(result.high, a.high, MPFR_RNDU);
}

void hull(Enclosure& result, const Enclosure& a, const Enclosure& b) {
  mpfr_min(result.low, a.low, b.low, MPFR_RNDD);
  mpfr_max(result.high, a.high, b.high, MPFR_RNDU);
}

void smooth(Enclosure& result, const std::string& function, long order, const Enclosure& a) {
  give_back_at_thread_end();
  if (function == "exp") return increasing(result, mpfr_exp, a);
  if (function == "log") return increasing(result, mpfr_log, a);
  if (function == "tanh") {
    if (order == 0) return increasing(result, mpfr_tanh, a);
    Enclosure t;
    increasing(t, mpfr_tanh, a);
    return tanh_derivative(result, order, t);
  }
  if (order == 0) return increasing(result, softplus, a);
  Enclosure p;
  increasing(p, logistic, a);
  softplus_derivative(result, order, p);
}

}  // namespace normproof::certificates
