// How is an exact fraction held, read and written?
//
// What       GMP's rationals, held by value; deliberately not numbers::Rational, so that a recheck shares nothing with
//            the engines.
// Text       "-3/2", "4": lowest terms, positive denominator, no sign but −. Anything else is malformed.
#pragma once

#include <gmp.h>

#include <string>

namespace normproof::certificates {

class Fraction {
 public:
  Fraction() { mpq_init(value_); }
  explicit Fraction(double exact) : Fraction() { mpq_set_d(value_, exact); }
  Fraction(const Fraction& other) : Fraction() { mpq_set(value_, other.value_); }
  Fraction(Fraction&& other) noexcept : Fraction() { mpq_swap(value_, other.value_); }
  Fraction& operator=(const Fraction& other) {
    mpq_set(value_, other.value_);
    return *this;
  }
  Fraction& operator=(Fraction&& other) noexcept {
    mpq_swap(value_, other.value_);
    return *this;
  }
  ~Fraction() { mpq_clear(value_); }
  mpq_ptr get() { return value_; }
  mpq_srcptr get() const { return value_; }
  std::string text() const;

  friend bool operator==(const Fraction& a, const Fraction& b) { return mpq_equal(a.value_, b.value_) != 0; }
  friend bool operator<(const Fraction& a, const Fraction& b) { return mpq_cmp(a.value_, b.value_) < 0; }

 private:
  mpq_t value_;
};

// Throws Malformed; `where` names the place in the file.
Fraction fraction(const std::string& text, const std::string& where);

// As above, and the denominator is a power of two; numerator and denominator have at most so many bits.
Fraction dyadic_fraction(const std::string& text, const std::string& where, std::size_t most_bits);

}  // namespace normproof::certificates
