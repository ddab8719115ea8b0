// Are integrals over panels as near to the truth as their error bound says?
#include "theory/mean_field/panel_quadrature.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace normproof::theory_tests {
namespace {

// Rounding: a few dozen terms, of at most 32.
constexpr double rounding = 1e-13;

TEST(PanelIntegral, is_exact_for_polynomials_of_degree_five) {
  const auto power = [](int exponent) { return [=](double x) { return std::pow(x, exponent); }; };
  for (int exponent = 0; exponent <= 5; ++exponent)
    EXPECT_NEAR(theory::panel_integral<double>(0, 2, 1, power(exponent)), std::pow(2, exponent + 1) / (exponent + 1),
                rounding)
        << exponent;
  EXPECT_GT(std::abs(theory::panel_integral<double>(0, 2, 1, power(6)) - std::pow(2, 7) / 7), 0.04);
}

// 1/(1 + x²) has its poles at ±i; nearer than 1/2 to [0, 1] it is at most 4/3.
TEST(PanelIntegral, is_within_its_bound) {
  const auto bell = [](double x) { return 1 / (1 + x * x); };
  for (const int panels : {1, 2, 4, 8}) {
    const double error = std::abs(theory::panel_integral<double>(0, 1, panels, bell) - std::numbers::pi / 4);
    const double bound = theory::panel_integral_bound<double>(1, panels, 4.0 / 3, 0.5);
    EXPECT_LT(error, bound) << panels;
  }
}

// On one panel [−w/2, w/2] the error for x⁶ is w⁷ 6!/2016000 exactly; near 0 Cauchy's estimate is 1 for |x| ≤ 1.
TEST(PanelIntegralBound, falls_with_the_sixth_power_of_the_panels) {
  const double one = theory::panel_integral_bound<double>(1, 1, 1, 1),
               two = theory::panel_integral_bound<double>(1, 2, 1, 1);
  EXPECT_NEAR(one / two, 64, 64 * rounding);
  EXPECT_NEAR(one, 720.0 / 2016000, rounding);
}

TEST(PanelIntegral, of_a_sixth_power_is_off_by_what_the_rule_is_known_to_be) {
  const double width = 0.5;
  const double error =
      std::pow(width, 7) / (7 * 64) -
      theory::panel_integral<double>(-width / 2, width / 2, 1, [](double x) { return std::pow(x, 6); });
  EXPECT_NEAR(error, std::pow(width, 7) * 720 / 2016000, rounding);
}

}  // namespace
}  // namespace normproof::theory_tests
