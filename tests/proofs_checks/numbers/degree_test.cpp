// Is the counted degree at least the true one, and close to it where it is known?
#include "proofs_checks/numbers/degree.hpp"

#include <gtest/gtest.h>

#include "proofs_checks/numbers/dual.hpp"

namespace normproof::numbers {
namespace {

TEST(Degree, counts_polynomials) {
  const DegreeLedger ledger;
  const Degree x = Degree::variable(), y = Degree::variable();
  EXPECT_EQ((x * x * y + y + Degree(3)).numerator_degree(), 3);
}

TEST(Degree, shares_a_common_divisor) {
  const DegreeLedger ledger;
  const Degree x = Degree::variable(), s = Degree::variable();
  Degree sum(0);
  for (int k = 0; k < 10; ++k) sum += x / s;
  EXPECT_EQ(sum.numerator_degree(), 1);                    // x + … + x over s, not over s¹⁰
  EXPECT_EQ((x / s + x / (s * x)).numerator_degree(), 3);  // x·(s x) + x·s … over s · (s x)
}

TEST(Degree, cancels_what_divides_both) {
  const DegreeLedger ledger;
  const Degree x = Degree::variable(), y = Degree::variable(), s = Degree::variable();
  EXPECT_EQ(((x / s) / (y / s)).numerator_degree(), 1);
}

TEST(Degree, halves_under_a_root_and_counts_it) {
  const DegreeLedger ledger;
  const Degree x = Degree::variable();
  const Degree root = sqrt(x * x + Degree(1));
  EXPECT_EQ(root.numerator_degree(), 1);
  EXPECT_EQ(ledger.root_arguments.size(), 1U);
}

TEST(Degree, notes_the_denominators_of_arguments_too) {
  // √(1/x¹⁰) and √(1/y¹⁰): the arguments differ by y¹⁰ − x¹⁰ over x¹⁰y¹⁰.
  DegreeLedger ledger;
  const Degree x = Degree::variable();
  Degree power(1);
  for (int k = 0; k < 10; ++k) power *= x + Degree(1);
  sqrt(Degree(1) / power);
  smooth(Smooth::tanh, 0, Degree(1) / power);
  select_positive(Degree(1) / power, x, x);
  EXPECT_EQ(ledger.root_arguments.at(0), 10);
  EXPECT_EQ(ledger.smooth_arguments.at(0), 10);
  EXPECT_EQ(ledger.conditions.at(0), 10);
  EXPECT_NEAR(ledger.largest_argument_height, 10, 1e-12);
}

TEST(Degree, a_literal_zero_has_no_degree) {
  const DegreeLedger ledger;
  const Degree x = Degree::variable();
  EXPECT_EQ((x * Degree(0)).numerator_degree(), 0);
}

TEST(Degree, the_height_of_a_power_of_a_binomial_is_its_sum_of_coefficients) {
  const DegreeLedger ledger;
  const Degree x = Degree::variable();
  Degree power(1);
  for (int k = 0; k < 8; ++k) power *= x + Degree(1);
  EXPECT_NEAR(power.height(), 8, 1e-12);  // the coefficients of (1 + x)⁸ sum to 2⁸; log2 rounds
}

TEST(Degree, runs_through_dual_numbers) {
  const DegreeLedger ledger;
  const Dual<Degree> x(Degree::variable(), Degree(1));
  EXPECT_EQ((x * x * x).tangent.numerator_degree(), 2);
}

}  // namespace
}  // namespace normproof::numbers
