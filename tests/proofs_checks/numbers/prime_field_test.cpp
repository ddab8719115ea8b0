// Does the prime field obey its laws, and do its roots and signs behave as the exact engine needs?
#include "proofs_checks/numbers/prime_field.hpp"

#include <gtest/gtest.h>

#include <set>

#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::numbers {
namespace {

constexpr std::uint64_t small_prime = 1000003;  // ≡ 3 (mod 4): small enough to check against plain remainders

TEST(PrimeField, agrees_with_remainders_of_integers) {
  const PrimeField::Scope field(small_prime, 0);
  inputs::RandomStream stream(1, "prime_field_test");
  for (int k = 0; k < 1000; ++k) {
    const std::uint64_t a = stream.below(small_prime), b = 1 + stream.below(small_prime - 1);
    const PrimeField x = PrimeField::from_residue(a), y = PrimeField::from_residue(b);
    EXPECT_EQ((x + y).residue(), (a + b) % small_prime);
    EXPECT_EQ((x - y).residue(), (a + small_prime - b) % small_prime);
    EXPECT_EQ((x * y).residue(), a * b % small_prime);
    EXPECT_EQ((x / y * y).residue(), a);
    EXPECT_EQ((-y + y).residue(), 0U);
  }
}

TEST(PrimeField, reads_negative_integers) {
  const PrimeField::Scope field(small_prime, 0);
  EXPECT_EQ(PrimeField(-3).residue(), small_prime - 3);
}

TEST(PrimeField, refuses_to_divide_by_zero) {
  const PrimeField::Scope field(small_prime, 0);
  EXPECT_THROW(PrimeField(1) / PrimeField(0), OutsideDomain);
}

TEST(PrimeField, remembers_no_inverse_of_another_field) {
  std::uint64_t first = 0;
  {
    const PrimeField::Scope field(small_prime, 0);
    first = (PrimeField(1) / PrimeField(7)).residue();
  }
  const PrimeField::Scope field(1000187, 0);  // ≡ 3 (mod 4)
  const PrimeField seventh = PrimeField(1) / PrimeField(7);
  EXPECT_EQ((seventh * PrimeField(7)).residue(), 1U);
  EXPECT_NE(seventh.residue(), first);
}

TEST(PrimeField, takes_the_root_that_is_itself_a_residue_so_that_roots_multiply) {
  const PrimeField::Scope field(prime_from_bits(12345), 0);
  inputs::RandomStream stream(2, "prime_field_test");
  for (int k = 0; k < 50; ++k) {
    const PrimeField a = PrimeField::from_residue(1 + stream.below(PrimeField::prime() - 1));
    const PrimeField b = PrimeField::from_residue(1 + stream.below(PrimeField::prime() - 1));
    const PrimeField root = sqrt(a * a);
    EXPECT_TRUE(root.is_residue());
    EXPECT_TRUE(root == (a.is_residue() ? a : -a));
    EXPECT_TRUE(sqrt(a * a * b * b) == sqrt(a * a) * sqrt(b * b));
    EXPECT_NE(a.is_residue(), (-a).is_residue());
  }
}

TEST(PrimeField, has_no_root_of_a_non_residue) {
  const PrimeField::Scope field(small_prime, 0);
  EXPECT_THROW(sqrt(-PrimeField(4)), OutsideDomain);
}

TEST(PrimeField, smooth_functions_depend_on_argument_function_order_and_key_alone) {
  std::set<std::uint64_t> values;
  for (const std::uint64_t key : {1U, 2U}) {
    const PrimeField::Scope field(small_prime, key);
    EXPECT_TRUE(tanh(PrimeField(5)) == tanh(PrimeField(2) + PrimeField(3)));
    values.insert(tanh(PrimeField(5)).residue());
    values.insert(tanh(PrimeField(6)).residue());
    values.insert(tanh_slope(PrimeField(5)).residue());
    values.insert(softplus(PrimeField(5)).residue());
  }
  EXPECT_EQ(values.size(), 8U);
}

TEST(PrimeField, primes_have_61_bits_and_make_the_integers_up_to_10_positive) {
  inputs::RandomStream stream(3, "prime_field_test");
  std::set<std::uint64_t> primes;
  for (int k = 0; k < 20; ++k) {
    const std::uint64_t prime = prime_from_bits(stream.next_uint64());
    EXPECT_EQ(prime % 4, 3U);
    const PrimeField::Scope field(prime, 0);
    for (int integer = 1; integer <= 10; ++integer) EXPECT_TRUE(PrimeField(integer).is_residue()) << integer;
    EXPECT_TRUE(sqrt(PrimeField(4)) == PrimeField(2));
    EXPECT_EQ(prime >> 60, 1U);  // the 61st bit and no higher one
    for (std::uint64_t divisor = 3; divisor < 2000; divisor += 2) ASSERT_NE(prime % divisor, 0U);
    primes.insert(prime);
  }
  EXPECT_EQ(primes.size(), 20U);
}

TEST(PrimeField, primes_stay_below_2_to_the_61_and_spread_over_their_whole_range) {
  // All bits 1 would have started the search above 2^61.
  EXPECT_EQ(prime_from_bits(UINT64_MAX) >> 60, 1U);
  constexpr int primes = 400, parts = 4;
  int met[parts] = {};
  for (std::uint64_t k = 0; k < primes; ++k) {
    const std::uint64_t prime = prime_from_bits(k);
    EXPECT_EQ(prime % 840, 839U);
    ++met[(prime >> 58) % parts];
  }
  // 100 are expected in each quarter; 50 off is more than 5 standard deviations, and the draws are fixed.
  for (const int count : met) EXPECT_NEAR(count, primes / parts, primes / parts / 2);
}

TEST(PrimeField, values_of_smooth_functions_are_spread_evenly) {
  const PrimeField::Scope field(prime_from_bits(5), 0);
  constexpr int draws = 4000;
  int low = 0;
  for (int k = 0; k < draws; ++k) low += tanh(PrimeField(k)).residue() < PrimeField::prime() / 2 ? 1 : 0;
  EXPECT_NEAR(low, draws / 2, draws / 20);
}

}  // namespace
}  // namespace normproof::numbers
