// Of what degree is the polynomial that must vanish where two formulas agree?
//
// What       A number that counts: each node of a tape is N/Π A_k^(e_k), with A_k the numerators of the divisors met so
//            far. Degree holds the degree of N, the exponents, and the height log₂‖N‖₁. Replaying a tape on Degree
//            gives, for the difference of two sides, the degree and height that the exact engine's error bound needs;
//            nothing is typed in by hand.
// Roots      √(N/D) = √(N D)/D: half the degree of N D for the numerator. A difference f(x, r₁ … r_k) with k roots
//            vanishes only where its norm Π f(x, ±r₁ … ±r_k) does, a polynomial of at most 2^k times the degree (and
//            2^k times the height, plus what the products add): trial_bound() in evidence/exact.hpp takes it from here.
// Branches   Either branch may be taken: the larger of the two.
// Smooth     A value of a keyed function is a new variable: degree 1. Two arguments that differ as polynomials may
//            still meet at a point; smooth_arguments lists their degrees so that the engine can add that chance.
// Assumes    A DegreeLedger is open on this thread (it numbers the divisors).
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "proofs_checks/numbers/elementary.hpp"
#include "proofs_checks/numbers/tape.hpp"

namespace normproof::numbers {

class Degree {
 public:
  Degree() : Degree(0) {}
  Degree(int integer);  // NOLINT(google-explicit-constructor): generic code writes T(2)
  static Degree variable();

  double numerator_degree() const { return degree_; }
  double height() const { return height_; }

  friend Degree operator+(const Degree& a, const Degree& b);
  friend Degree operator-(const Degree& a, const Degree& b) { return a + b; }
  friend Degree operator*(const Degree& a, const Degree& b);
  friend Degree operator/(const Degree& a, const Degree& b);
  friend Degree operator-(const Degree& a) { return a; }
  Degree& operator+=(const Degree& b) { return *this = *this + b; }
  Degree& operator-=(const Degree& b) { return *this = *this - b; }
  Degree& operator*=(const Degree& b) { return *this = *this * b; }
  Degree& operator/=(const Degree& b) { return *this = *this / b; }
  friend Degree sqrt(const Degree& x);
  friend Degree select_positive(const Degree& condition, const Degree& if_positive, const Degree& otherwise);
  friend Degree smooth(Smooth function, int order, const Degree& x);

 private:
  using Exponents = std::vector<std::pair<int, int>>;  // (divisor, exponent), sorted by divisor, exponents positive
  static Exponents most(const Exponents& a, const Exponents& b);
  double noted_extent()
      const;  // of an argument: the degree of N or of Π A_k^(e_k), the larger; the ledger notes the height
  Degree over(const Exponents& common) const;  // the same number, written over this denominator
  bool is_zero() const { return literal_ && integer_ == 0; }

  double degree_ = 0;
  double height_ = 0;
  int integer_ = 0;  // its value, where it is a literal
  bool literal_ = false;
  mutable int divisor_ = -1;  // the number of this numerator among the divisors, once something was divided by it
  Exponents denominator_;
  friend class DegreeLedger;
};

class DegreeLedger {
 public:
  DegreeLedger();
  ~DegreeLedger();
  DegreeLedger(const DegreeLedger&) = delete;
  DegreeLedger& operator=(const DegreeLedger&) = delete;

  // Degrees of numerator or denominator, the larger: two arguments differ by N₁/D₁ − N₂/D₂, whose numerator N₁D₂ − N₂D₁
  // has at most the sum of two of these for its degree, and the sum of two heights and 1 bit for its height.
  std::vector<double> root_arguments;    // of numbers whose square root was taken
  std::vector<double> conditions;        // of numbers whose sign was asked for
  std::vector<double> smooth_arguments;  // of arguments of keyed functions
  double largest_argument_height = 0;    // among all of them

 private:
  friend class Degree;
  friend Degree operator/(const Degree& a, const Degree& b);
  friend Degree sqrt(const Degree& x);
  struct Divisor {
    double degree = 0, height = 0;
  };
  int number_of(const Degree& divisor);
  std::vector<Divisor> divisors_;
  std::map<int, int> literals_;  // divisors that are literal integers: one each
  DegreeLedger* outer_;
};

}  // namespace normproof::numbers
