// Does a tally count, find the worst result and give the median as it says?
#include "proofs_checks/rounding/error_tally.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace normproof::rounding {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(ErrorTally, counts_every_result_once) {
  ErrorTally tally;
  tally.add(0, 0);
  tally.add(1, infinity);
  tally.add(nan, infinity);
  tally.add(1, 2);
  tally.add(3, 2);
  tally.add(nan, 2);
  tally.add(2 * (1 + 0x1p-45), 2);
  const RoundingTally counted = tally.tally();
  EXPECT_EQ(counted.exact, 1);
  EXPECT_EQ(counted.unbounded, 2);
  EXPECT_EQ(counted.compared, 4);
  EXPECT_EQ(counted.violations, 2);
  EXPECT_EQ(counted.undecided, 1);
}

TEST(ErrorTally, names_the_first_of_the_worst_results) {
  ErrorTally tally;
  tally.add(1, 4);
  tally.add(0, 0);
  tally.add(2, 3);
  tally.add(4, 6);
  const RoundingTally worst = tally.tally();
  EXPECT_EQ(worst.worst_result, 2);
  EXPECT_EQ(worst.worst_error, 2);
  EXPECT_EQ(worst.worst_bound, 3);
}

TEST(ErrorTally, takes_an_error_without_a_bound_for_the_worst) {
  ErrorTally tally;
  tally.add(1, 1);
  tally.add(1e-300, 0);
  EXPECT_EQ(tally.tally().worst_result, 1);
  EXPECT_EQ(tally.tally().violations, 1);
}

TEST(ErrorTally, compares_a_negative_number_with_zero) {
  ErrorTally tally;
  tally.add(-1, 0);
  EXPECT_EQ(tally.tally().compared, 1);
  EXPECT_EQ(tally.tally().violations, 0);
}

TEST(ErrorTally, has_a_median_that_is_at_most_its_width_too_large) {
  std::mt19937_64 random(1);
  for (const std::size_t n : {1U, 2U, 7U, 1000U}) {
    ErrorTally tally;
    std::vector<double> slacks;
    for (std::size_t k = 0; k < n; ++k) {
      const double error =
          std::ldexp(1 + static_cast<double>(random() >> 11) * 0x1p-53, -static_cast<int>(random() % 9));
      slacks.push_back(1 / error);
      tally.add(error, 1);
    }
    std::sort(slacks.begin(), slacks.end());
    const double median = slacks[(n - 1) / 2];
    EXPECT_GE(tally.tally().median_slack, median);
    EXPECT_LE(tally.tally().median_slack, median * median_width);
  }
}

TEST(ErrorTally, has_an_infinite_median_where_half_of_the_results_have_no_error) {
  ErrorTally tally;
  EXPECT_EQ(tally.tally().median_slack, 0) << "of no results";
  tally.add(1, 2);
  tally.add(0, 2);
  EXPECT_LE(tally.tally().median_slack, 2 * median_width);
  tally.add(0, 2);
  EXPECT_EQ(tally.tally().median_slack, infinity);
}

}  // namespace
}  // namespace normproof::rounding
