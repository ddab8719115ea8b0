// Is u half a step at 1, and is γ_n never below its value?
#include "theory/rounding/unit_roundoff.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using normproof::theory::gamma_n;
using normproof::theory::unit_roundoff;
using normproof::theory::unit_roundoff_bfloat16;
using normproof::theory::unit_roundoff_double;
using normproof::theory::unit_roundoff_float;
using normproof::theory::unit_roundoff_float16;

TEST(UnitRoundoff, is_half_the_distance_from_one_to_the_next_number) {
  EXPECT_EQ(unit_roundoff_double, (std::nextafter(1.0, 2.0) - 1.0) / 2);
  EXPECT_EQ(unit_roundoff_float, static_cast<double>(std::nextafterf(1.0F, 2.0F) - 1.0F) / 2);
  EXPECT_EQ(unit_roundoff<double>, unit_roundoff_double);
  EXPECT_EQ(unit_roundoff<float>, unit_roundoff_float);
  EXPECT_EQ(unit_roundoff_float16, 1.0 / 2048);
  EXPECT_EQ(unit_roundoff_bfloat16, 1.0 / 256);
}

TEST(GammaN, is_n_u_over_one_minus_n_u_or_one_step_more) {
  EXPECT_EQ(gamma_n(128, unit_roundoff_bfloat16), std::nextafter(1.0, 2.0));  // n·u = 1/2
  for (const int n : {1, 3, 10, 1000}) {
    const double n_u = n * unit_roundoff_double;
    const double value = gamma_n(n, unit_roundoff_double);
    EXPECT_GT(value, n_u);
    EXPECT_LT(value, n_u * (1 + 2 * n_u) + 4 * n_u * unit_roundoff_double);
  }
}

TEST(GammaN, is_zero_without_roundings_and_infinite_where_nothing_is_known) {
  EXPECT_EQ(gamma_n(0, unit_roundoff_double), 0.0);
  EXPECT_EQ(gamma_n(5, 0.0), 0.0);
  EXPECT_TRUE(std::isinf(gamma_n(256, unit_roundoff_bfloat16)));
  EXPECT_TRUE(std::isfinite(gamma_n(255, unit_roundoff_bfloat16)));
}

TEST(GammaN, is_nan_for_calls_without_meaning) {
  EXPECT_TRUE(std::isnan(gamma_n(-1, unit_roundoff_double)));
  EXPECT_TRUE(std::isnan(gamma_n(1, -1.0)));
  EXPECT_TRUE(std::isnan(gamma_n(1, std::nan(""))));
}

}  // namespace
