// How are Montgomery's constants, powers, roots and keyed functions of the prime field computed?
#include "proofs_checks/numbers/prime_field.hpp"

#include <gmp.h>

#include <Random123/philox.h>

#include <array>

namespace normproof::numbers {

PrimeField::Scope::Scope(std::uint64_t prime, std::uint64_t smooth_key) {
  Field& f = field();
  outer_ = {f.prime, f.negated_inverse, f.one, f.square, f.key};
  f.prime = prime;
  std::uint64_t inverse = 1;  // of p modulo 2^64, by Newton's iteration: each step doubles the correct bits
  for (int bits = 1; bits < 64; bits *= 2) inverse *= 2 - prime * inverse;
  f.negated_inverse = ~inverse + 1;
  f.one = static_cast<std::uint64_t>((static_cast<Wide>(1) << 64) % prime);
  f.square = static_cast<std::uint64_t>(static_cast<Wide>(f.one) * f.one % prime);
  f.key = smooth_key;
}

PrimeField::Scope::~Scope() {
  Field& f = field();
  f.prime = outer_.prime;
  f.negated_inverse = outer_.negated_inverse;
  f.one = outer_.one;
  f.square = outer_.square;
  f.key = outer_.key;
}

PrimeField::PrimeField(int integer) {
  const std::uint64_t magnitude =
      static_cast<std::uint64_t>(integer < 0 ? -static_cast<std::int64_t>(integer) : integer);
  const PrimeField positive = from_residue(magnitude);
  representation_ = (integer < 0 ? -positive : positive).representation_;
}

PrimeField PrimeField::from_residue(std::uint64_t residue) {
  return raw(reduce(static_cast<Wide>(residue) * field().square));
}

PrimeField PrimeField::power(std::uint64_t exponent) const {
  PrimeField result = raw(field().one), base = *this;
  for (; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result *= base;
    base *= base;
  }
  return result;
}

bool PrimeField::is_residue() const { return power((prime() - 1) / 2) == raw(field().one); }

namespace {
// A formula divides by few numbers, many times each (m, s of each channel): their inverses are remembered.
struct Inverse {
  std::uint64_t prime = 0, of = 0;
  PrimeField inverse;
};
constexpr std::size_t remembered_inverses = 64;
thread_local std::array<Inverse, remembered_inverses> inverses;
}  // namespace

PrimeField operator/(PrimeField a, PrimeField b) {
  if (b.is_zero()) throw OutsideDomain(OutsideDomain::Reason::division_by_zero, "division by zero");
  Inverse& entry = inverses[b.representation_ % remembered_inverses];
  if (entry.of != b.representation_ || entry.prime != PrimeField::prime())
    entry = {PrimeField::prime(), b.representation_, b.power(PrimeField::prime() - 2)};
  return a * entry.inverse;
}

PrimeField sqrt(PrimeField x) {
  const PrimeField root = x.power((PrimeField::prime() + 1) / 4);
  if (!(root * root == x)) throw OutsideDomain(OutsideDomain::Reason::no_square_root, "not a quadratic residue");
  return root;
}

PrimeField smooth(Smooth function, int order, PrimeField x) {
  r123::Philox4x64 philox;
  const r123::Philox4x64::ctr_type counter = {
      {x.residue(), static_cast<std::uint64_t>(function), static_cast<std::uint64_t>(order), 0}};
  const r123::Philox4x64::key_type key = {{PrimeField::field().key, PrimeField::prime()}};
  const r123::Philox4x64::ctr_type words = philox(counter, key);
  // 128 bits: a remainder of 64 would come out up to 9/8 times as often as another.
  const PrimeField::Wide bits = (static_cast<PrimeField::Wide>(words[0]) << 64) | words[1];
  return PrimeField::from_residue(static_cast<std::uint64_t>(bits % PrimeField::prime()));
}

std::uint64_t prime_from_bits(std::uint64_t random_bits) {
  constexpr std::uint64_t top = std::uint64_t{1} << 60;
  constexpr std::uint64_t modulus = 840;  // 8 · 3 · 5 · 7
  constexpr std::uint64_t first = top + (modulus - 1 - top % modulus);
  constexpr std::uint64_t count = (2 * top - 1 - first) / modulus + 1;  // of the class, between 2^60 and 2^61
  constexpr std::uint64_t whole = UINT64_MAX / count * count;  // drawn numbers below it are uniform modulo count
  r123::Philox4x64 philox;
  std::uint64_t draws = 0, candidate = 0;
  mpz_t number;
  mpz_init(number);
  constexpr int baillie_psw_only = 24;  // GMP's reps − 24 extra Miller–Rabin rounds; none are needed below 2^64
  for (;; ++draws) {
    const std::uint64_t drawn = philox({{draws, 0, 0, 0}}, {{random_bits, modulus}})[0];
    if (drawn >= whole) continue;
    candidate = first + modulus * (drawn % count);
    mpz_import(number, 1, 1, sizeof candidate, 0, 0, &candidate);
    if (mpz_probab_prime_p(number, baillie_psw_only) != 0) break;
  }
  mpz_clear(number);
  return candidate;
}

}  // namespace normproof::numbers
