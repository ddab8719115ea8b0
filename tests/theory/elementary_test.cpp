// Do the elementary functions on double treat the kink and NaN as they say?
#include "theory/elementary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using normproof::theory::clamp_below;
using normproof::theory::clamp_below_slope;

TEST(ClampBelow, is_the_larger_of_the_two) {
  EXPECT_EQ(clamp_below(2.0, 1.0), 2.0);
  EXPECT_EQ(clamp_below(-2.0, 1.0), 1.0);
  EXPECT_EQ(clamp_below(1.0, 1.0), 1.0);
}

TEST(ClampBelow, counts_as_active_at_the_kink) {
  EXPECT_EQ(clamp_below_slope(1.0, 1.0), 0.0);
  EXPECT_EQ(clamp_below_slope(std::nextafter(1.0, 2.0), 1.0), 1.0);
  EXPECT_EQ(clamp_below_slope(0.0, 1.0), 0.0);
}

TEST(ClampBelow, does_not_hide_nan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(clamp_below(nan, 1.0)));
  EXPECT_TRUE(std::isnan(clamp_below(1.0, nan)));
}

}  // namespace
