// Does E[x²] − E[x]² stay within its bound, does its error grow as the bound says, and does a shift put an end to that?
#include "theory/rounding/one_pass_variance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/theory/rounding/float_kernels.hpp"

namespace {

using namespace normproof::tests;
using namespace normproof::theory;

const Unit unit;
constexpr double eps = 1e-5;

double pairwise_height(std::size_t n) { return std::ceil(std::log2(static_cast<double>(n))); }

TEST(OnePassBounds, hold_for_every_condition) {
  int compared = 0;
  for (const std::size_t m : {1U, 2U, 10U, 1000U}) {
    for (const double condition : {0.0, 1.0, 30.0, 1e3, 1e6}) {
      for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const std::vector<float> x = random_channel(m, condition, seed);
        const Reference right = reference(x, eps);
        const Statistics<float> got = one_pass_statistics<float>(x, pairwise_sum<float>);
        EXPECT_LE(error(got.variance, right.variance), one_pass_variance_error(right.data, unit, pairwise_height(m)));
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 4 * 5 * 5);
}

TEST(OnePassBounds, and_errors_grow_with_the_square_of_the_condition) {
  const auto at = [](double condition) {
    double largest = 0, bound = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const std::vector<float> x = random_channel(128, condition, seed);
      const Reference right = reference(x, eps);
      largest = std::max(largest, error(one_pass_statistics<float>(x, pairwise_sum<float>).variance, right.variance));
      bound = one_pass_variance_error(right.data, unit, 7);
    }
    return std::pair(largest, bound);
  };
  const auto [small, small_bound] = at(30);
  const auto [large, large_bound] = at(3000);
  EXPECT_NEAR(large_bound / small_bound, 1e4, 2e2);  // κ² + 1 for κ²
  EXPECT_GT(large / small, 1e3);                     // empirical: 1e4 but for chance
  EXPECT_LT(large / small, 1e5);
}

TEST(ShiftedBounds, hold_and_do_not_grow_with_the_condition) {
  for (const std::size_t m : {2U, 10U, 1000U}) {
    for (const double condition : {0.0, 30.0, 1e3, 1e6}) {
      for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const std::vector<float> x = random_channel(m, condition, seed);
        const Reference right = reference(x, eps);
        const Statistics<float> got = shifted<float>(x, pairwise_sum<float>);
        const double bound = shifted_variance_error(right.data, unit, pairwise_height(m), x[0]);
        EXPECT_LE(error(got.mean, right.mean), shifted_mean_error(right.data, unit, pairwise_height(m), x[0]));
        EXPECT_LE(error(got.variance, right.variance), bound);
        // The first value is at most √m deviations away; of the bound's 3(h + 5)u(1 + k²)V nothing depends on κ.
        const double farthest = 1 + static_cast<double>(m);
        EXPECT_LE(bound, 4 * (pairwise_height(m) + 5) * unit.roundoff * farthest * right.data.variance + 1e-300);
      }
    }
  }
}

}  // namespace
