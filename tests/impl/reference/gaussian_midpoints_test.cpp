// Are means by the midpoint rule those that a normal number is known to have?
#include "impl/reference/gaussian_midpoints.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

namespace reference = normproof::reference;

// Rounding: some hundred terms of at most a few units.
constexpr double rounding = 1e-13;

TEST(GaussianMidpoints, give_the_moments) {
  for (const int per_unit : {2, 3, 8}) {
    const auto moment = [&](int power) {
      return reference::gaussian_mean<double>(per_unit, 10, 0.5, 2, [&](double s) { return std::pow(s, power); });
    };
    EXPECT_NEAR(moment(0), 1, rounding);
    EXPECT_NEAR(moment(1), 0.5, rounding);
    EXPECT_NEAR(moment(2), 4.25, rounding * 4);
  }
}

TEST(GaussianMidpoints, give_the_mean_of_exponentials_and_cosines) {
  EXPECT_NEAR(reference::gaussian_mean<double>(2, 12, 0.3, 0.5, [](double s) { return std::exp(s); }),
              std::exp(0.3 + 0.125), rounding);
  EXPECT_NEAR(reference::gaussian_mean<double>(2, 12, 0.3, 0.5, [](double s) { return std::cos(s); }),
              std::exp(-0.125) * std::cos(0.3), rounding);
}

TEST(GaussianMidpoints, have_no_point_in_the_middle) {
  // Of one piece on either side of m, the middles alone are seen.
  EXPECT_EQ(reference::gaussian_mean<double>(1, 1, 0, 1, [](double s) { return s == 0 ? 1.0 : s * s; }), 0.25);
}

}  // namespace
