// Do the bounds of sums hold for every tree and any n·u, are they near what happens, and is the one with probability
// broken no more often than it says?
#include "theory/rounding/summation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace {

using namespace normproof::theory;

// The nearest number with `bits` significant bits: so few that n·u passes 1 after 2^bits terms.
double rounded_to(double value, int bits) {
  if (value == 0) return 0;
  const int exponent = std::ilogb(value) + 1 - bits;
  return std::ldexp(std::nearbyint(std::ldexp(value, -exponent)), exponent);
}

struct Summed {
  double sum = 0;
  double partial_sums = 0;  // Σ |p|
  double half_ulps = 0;     // Σ ½ulp(p)
};

constexpr int bits = 8;
constexpr double u = 0x1p-8;

void note(Summed& total, double partial_sum) {
  total.partial_sums += std::abs(partial_sum);
  total.half_ulps += half_ulp(partial_sum, u);
}

Summed chain(const std::vector<double>& x) {
  Summed total{x[0]};
  for (std::size_t i = 1; i < x.size(); ++i) note(total, total.sum = rounded_to(total.sum + x[i], bits));
  return total;
}

Summed pairwise(std::vector<double> x) {
  Summed total;
  while (x.size() > 1) {
    std::vector<double> next;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) note(total, next.emplace_back(rounded_to(x[i] + x[i + 1], bits)));
    if (x.size() % 2 == 1) next.push_back(x.back());
    x = next;
  }
  total.sum = x[0];
  return total;
}

struct Terms {
  std::vector<double> x;
  double sum = 0, magnitudes = 0;
};

Terms terms(std::size_t n, double shift, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Terms made;
  for (std::size_t i = 0; i < n; ++i) {
    const double value = rounded_to(shift + static_cast<double>(random() >> 11) * 0x1p-52 - 1, bits);
    made.x.push_back(value);
    made.sum += value;  // exact: few bits each
    made.magnitudes += std::abs(value);
  }
  return made;
}

double height_of(std::size_t n) { return std::ceil(std::log2(static_cast<double>(n))); }

TEST(SummationBounds, hold_for_chains_and_trees_with_n_times_u_far_beyond_one) {
  int compared = 0;
  for (const std::size_t n : {2U, 3U, 10U, 100U, 1000U}) {
    for (const double shift : {0.0, 0.5, 3.0}) {
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Terms given = terms(n, shift, seed);
        const auto count = static_cast<std::int64_t>(n);
        const Summed one = chain(given.x), tree = pairwise(given.x);
        for (const Summed& total : {one, tree}) {
          const double error = std::abs(total.sum - given.sum);
          EXPECT_LE(error, sum_bound_in_any_order(count, u, given.magnitudes));
          EXPECT_LE(error, total.half_ulps);
          EXPECT_LE(total.half_ulps, sum_bound_by_partial_sums(u, total.partial_sums));
          ++compared;
        }
        EXPECT_LE(std::abs(one.sum - given.sum), sum_bound_by_height(static_cast<double>(n - 1), u, given.magnitudes));
        EXPECT_LE(std::abs(tree.sum - given.sum), sum_bound_by_height(height_of(n), u, given.magnitudes));
      }
    }
  }
  EXPECT_EQ(compared, 5 * 3 * 20 * 2);
}

// 1 and many terms of u: each is half the distance to the next number, and the tie goes back to 1 every time.
TEST(SummationBounds, are_attained_by_ties_to_first_order) {
  const std::size_t n = 9;
  std::vector<double> x(n, u);
  x[0] = 1;
  const double exact = 1 + static_cast<double>(n - 1) * u;
  const double error = exact - chain(x).sum;
  EXPECT_EQ(error, static_cast<double>(n - 1) * u);
  const double bound = sum_bound_in_any_order(static_cast<std::int64_t>(n), u, exact);
  EXPECT_LE(error, bound);
  EXPECT_GE(error, bound * (1 - 16 * u));  // the bound has Σ|x| = 1 + 8u in the place of 1
}

TEST(SummationBounds, do_not_hold_with_one_addition_less) {
  std::vector<double> x(9, u);
  x[0] = 1;
  const double error = 1 + 8 * u - chain(x).sum;
  EXPECT_GT(error, sum_bound_in_any_order(8, u, 1 + 8 * u));
}

TEST(CompoundError, covers_products_and_quotients_of_factors) {
  for (const int k : {1, 2, 17, 300}) {
    const double largest = std::pow(1 + u, k), smallest = std::pow(1 + u, -k);
    EXPECT_LE(largest - 1, compound_error(k, u));
    EXPECT_LE(1 - smallest, compound_error(k, u));
    EXPECT_LE(largest, compound_factor(k, u));
    EXPECT_LT(compound_error(k, u), (largest - 1) * (1 + k * u));
  }
}

TEST(EffectiveHeight, gives_back_the_error_it_is_made_from) {
  EXPECT_EQ(effective_height(0.0, u, 5.0), 0.0);
  for (const double error : {1e-6, 0.01, 3.0}) {
    const double height = effective_height(error, u, 5.0);
    EXPECT_GE(sum_bound_by_height(height, u, 5.0), error);
    EXPECT_LE(sum_bound_by_height(height, u, 5.0), error * (1 + 1e-9));  // empirical: room for the allowances
  }
}

// Rounding errors of random terms are near enough to independent ones of mean 0 for the model to be tried on them.
TEST(SumBoundWithProbability, is_broken_no_more_often_than_it_says) {
  const std::size_t n = 64;
  const double lambda = 3.6;
  const double failure = sum_bound_failure_probability(static_cast<std::int64_t>(n), u, lambda);
  ASSERT_GT(failure, 0.1);
  ASSERT_LT(failure, 0.3);
  const int tries = 400;
  int broken = 0;
  for (int seed = 0; seed < tries; ++seed) {
    const Terms given = terms(n, 0, static_cast<std::uint64_t>(seed));
    const double bound = sum_bound_with_probability(static_cast<double>(n - 1), u, lambda, given.magnitudes);
    EXPECT_LT(bound, sum_bound_by_height(static_cast<double>(n - 1), u, given.magnitudes));
    if (!(std::abs(chain(given.x).sum - given.sum) <= bound)) ++broken;
  }
  EXPECT_LE(broken, failure * tries);
}

TEST(SumBoundWithProbability, grows_with_the_root_of_the_height) {
  const double tiny = 0x1p-53;
  const double ratio = sum_bound_with_probability(400, tiny, 5, 1) / sum_bound_with_probability(100, tiny, 5, 1);
  EXPECT_NEAR(ratio, 2.0, 1e-12);  // empirical: terms of second order are 1e-14
}

TEST(Times, lets_an_exact_zero_win) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(times(0, infinity), 0);
  EXPECT_EQ(times(infinity, 0), 0);
  EXPECT_EQ(times(2, 3), 6);
  EXPECT_TRUE(std::isinf(times(2, infinity)));
}

}  // namespace
