// How does code with roots, branches and smooth functions run exactly, modulo a prime?
//
// What       Integers modulo p, p a random prime of 61 bits with p ≡ −1 (mod 840), in Montgomery form. Then p ≡ 3 (mod
//            4), and 2, 3, 5, 7 are residues (quadratic reciprocity): the integers up to 10 have their own sign.
// Roots      Of the two roots ±r of a residue exactly one is itself a residue, since −1 is not; sqrt returns that one,
//            a^((p+1)/4). Residues so behave as the positive numbers do under · / √: √(a²) = χ(a)·a, √(ab) = √a √b.
//            A non-residue has no root: OutsideDomain, and the generator draws again.
// Signs      The sign of a number is its quadratic character χ. It is multiplicative, so max, relu and clamp agree
//            between two programs that compute the condition differently or scaled by a square; it is not additive,
//            and nothing that is decided here may rest on additivity of signs.
// Smooth     tanh, softplus, exp, log and each of their derivatives are keyed pseudo-random functions of their
//            argument: an identity that holds here holds for all smooth functions in their place. (exp′ = exp and log′
//            = 1/x are kept: Traced and Dual say so.)
// Source     Montgomery, Modular multiplication without trial division, Math. Comp. 44 (1985).
#pragma once

#include <cstdint>

#include "proofs_checks/numbers/elementary.hpp"
#include "proofs_checks/numbers/tape.hpp"

namespace normproof::numbers {

class PrimeField {
 public:
  // The field in force on this thread, until it goes out of scope; fields nest.
  class Scope {
   public:
    Scope(std::uint64_t prime, std::uint64_t smooth_key);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    struct Saved {
      std::uint64_t prime, negated_inverse, one, square, key;
    } outer_;
  };

  PrimeField() = default;
  PrimeField(int integer);  // NOLINT(google-explicit-constructor): generic code writes T(2) and 2 * x
  static PrimeField from_residue(std::uint64_t residue);  // residue < p
  std::uint64_t residue() const { return reduce(representation_); }
  bool is_zero() const { return representation_ == 0; }
  bool is_residue() const;  // χ = 1; zero is not
  static std::uint64_t prime() { return field().prime; }

  friend PrimeField operator+(PrimeField a, PrimeField b) {
    const std::uint64_t p = field().prime, sum = a.representation_ + b.representation_;  // p < 2^62: no overflow
    return raw(sum >= p ? sum - p : sum);
  }
  friend PrimeField operator-(PrimeField a, PrimeField b) {
    const std::uint64_t p = field().prime;
    return raw(a.representation_ >= b.representation_ ? a.representation_ - b.representation_
                                                      : a.representation_ + p - b.representation_);
  }
  friend PrimeField operator-(PrimeField a) { return PrimeField() - a; }
  friend PrimeField operator*(PrimeField a, PrimeField b) {
    return raw(reduce(static_cast<Wide>(a.representation_) * b.representation_));
  }
  friend PrimeField operator/(PrimeField a, PrimeField b);
  PrimeField& operator+=(PrimeField b) { return *this = *this + b; }
  PrimeField& operator-=(PrimeField b) { return *this = *this - b; }
  PrimeField& operator*=(PrimeField b) { return *this = *this * b; }
  PrimeField& operator/=(PrimeField b) { return *this = *this / b; }
  friend bool operator==(PrimeField a, PrimeField b) { return a.representation_ == b.representation_; }

  PrimeField power(std::uint64_t exponent) const;

  friend PrimeField sqrt(PrimeField x);
  friend PrimeField smooth(Smooth function, int order, PrimeField x);
  friend PrimeField select_positive(PrimeField condition, PrimeField if_positive, PrimeField otherwise) {
    return condition.is_residue() ? if_positive : otherwise;
  }

 private:
  __extension__ using Wide = unsigned __int128;
  struct Field {
    std::uint64_t prime = 0, negated_inverse = 0, one = 0, square = 0, key = 0;
  };
  static Field& field() {
    static thread_local Field current;
    return current;
  }
  static PrimeField raw(std::uint64_t representation) {
    PrimeField x;
    x.representation_ = representation;
    return x;
  }
  static std::uint64_t reduce(Wide product) {
    const Field& f = field();
    const std::uint64_t multiple = static_cast<std::uint64_t>(product) * f.negated_inverse;
    const std::uint64_t reduced = static_cast<std::uint64_t>((product + static_cast<Wide>(multiple) * f.prime) >> 64);
    return reduced >= f.prime ? reduced - f.prime : reduced;
  }

  std::uint64_t representation_ = 0;  // x · 2^64 mod p
};

// A prime p ≡ −1 (mod 840) between 2^60 and 2^61, each as likely as any other: numbers of that class are drawn with
// these random bits as the key until one is prime (Baillie–PSW, which has no exception below 2^64). The first prime
// above a random number would favour primes after long gaps, by an amount that nobody has bounded well.
std::uint64_t prime_from_bits(std::uint64_t random_bits);

}  // namespace normproof::numbers
