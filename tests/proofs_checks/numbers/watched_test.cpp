// Is half an ulp of every partial sum noted, and is that as much as a sum can be off?
#include "proofs_checks/numbers/watched.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "proofs_checks/numbers/depth.hpp"

namespace normproof::numbers {
namespace {

TEST(WatchedSums, add_half_an_ulp_of_each_result) {
  const WatchedSums sums;
  EXPECT_EQ((Watched{1} + Watched{1}).value, 2);
  EXPECT_EQ(sums.half_ulps(), 0x1p-23);
  EXPECT_EQ((Watched{1} + Watched{-1}).value, 0);
  EXPECT_EQ(sums.half_ulps(), 0x1p-23) << "0 is exact";
  EXPECT_EQ((Watched{-1.5F} + Watched{0.25F}).value, -1.25);
  EXPECT_EQ(sums.half_ulps(), 0x1p-23 + 0x1p-24);
}

TEST(WatchedSums, note_what_happens_while_they_live_and_nothing_else) {
  Watched{1} + Watched{1};  // nobody watches
  const WatchedSums outer;
  {
    const WatchedSums inner;
    Watched{1} + Watched{1};
    EXPECT_EQ(inner.half_ulps(), 0x1p-23);
  }
  EXPECT_EQ(outer.half_ulps(), 0);
}

TEST(WatchedSums, bound_the_error_of_every_single_addition) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<float> size(-4, 4);
  for (int k = 0; k < 20000; ++k) {
    const WatchedSums sums;
    const float a = size(random), b = size(random);
    const double error = static_cast<double>((Watched{a} + Watched{b}).value) - (static_cast<double>(a) + b);
    ASSERT_LE(std::fabs(error), sums.half_ulps());
  }
}

TEST(Depth, is_one_more_than_that_of_the_deeper_operand) {
  const Depth term;
  EXPECT_EQ((term + term).additions, 1);
  EXPECT_EQ(((term + term) + term).additions, 2);
  EXPECT_EQ(((term + term) + (term + term)).additions, 2);
  Depth sum = term;
  sum += term + term;
  EXPECT_EQ(sum.additions, 2);
}

}  // namespace
}  // namespace normproof::numbers
