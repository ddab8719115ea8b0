// Do the sums of the built-in kernels keep what they promise to keep?
#include "impl/kernels/sums.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace normproof::kernels {
namespace {

TEST(TreeSum, of_nothing_is_zero) { EXPECT_EQ(TreeSum().total(), 0); }

TEST(TreeSum, is_exact_for_whole_numbers_and_every_count) {
  TreeSum sum;
  for (int n = 1; n <= 1000; ++n) {
    sum.add(n);
    ASSERT_EQ(sum.total(), n * (n + 1) / 2);
  }
}

// A chain of 2^24 terms 0.1 is off by 2e-10 of the sum; a tree at most by its height, 8 + log₂(2^21) roundings.
TEST(TreeSum, rounds_as_often_as_a_tree_is_high_and_not_as_often_as_there_are_terms) {
  constexpr int count = 1 << 24;
  constexpr double height = 29, half_ulp = 0x1p-53;
  TreeSum sum;
  for (int i = 0; i < count; ++i) sum.add(0.1);
  const double exact = 0.1 * count;  // a power of two times 0.1
  EXPECT_LE(std::fabs(sum.total() - exact), height * half_ulp * exact);
}

TEST(TreeSum, carries_a_nan_along) {
  TreeSum sum;
  sum.add(std::numeric_limits<double>::quiet_NaN());
  for (int i = 0; i < 100; ++i) sum.add(1);
  EXPECT_TRUE(std::isnan(sum.total()));
}

TEST(ExactSum, keeps_what_rounding_leaves_over) {
  const HighLow sum = exact_sum(1, 0x1p-80);
  EXPECT_EQ(sum.high, 1);
  EXPECT_EQ(sum.low, 0x1p-80);
  EXPECT_EQ(exact_sum(0x1p-80, -1).low, 0x1p-80) << "the order of size does not matter";
}

TEST(ExactProduct, keeps_what_rounding_leaves_over) {
  const HighLow product = exact_product(1 + 0x1p-40, 1 + 0x1p-40);
  EXPECT_EQ(product.high, 1 + 0x1p-39);
  EXPECT_EQ(product.low, 0x1p-80);
}

TEST(MovingAverage, weighs_the_new_value_by_the_momentum) {
  const HighLow average = moving_average(0.25, {8, 0}, {4, 0});
  EXPECT_EQ(average.high, 7);
  EXPECT_EQ(average.low, 0);
}

TEST(MovingAverage, of_equals_is_their_value_though_the_weights_do_not_add_up_in_double) {
  for (const double momentum : {0.1, 0.3, 1e-9, 1.0}) {
    const HighLow average = moving_average(momentum, {0.7, 0x1p-60}, {0.7, 0x1p-60});
    EXPECT_EQ(average.high, 0.7) << momentum;
    EXPECT_NEAR(average.low, 0x1p-60, 0x1p-103) << momentum;  // eight units of 2^-106
  }
}

}  // namespace
}  // namespace normproof::kernels
