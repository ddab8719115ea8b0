// Do the three parts of the five-point bound cover the error that is really made, and are they near it?
#include "theory/rounding/finite_difference.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using normproof::theory::five_point_evaluation_bound;
using normproof::theory::five_point_rounding_bound;
using normproof::theory::five_point_step;
using normproof::theory::five_point_truncation_bound;
using normproof::theory::unit_roundoff_double;

template <class F>
double five_point(const F& f, double h) {
  return (f(-2 * h) - 8 * f(-h) + 8 * f(h) - f(2 * h)) / (12 * h);
}

TEST(FivePointBound, is_attained_by_the_fifth_power) {
  const double h = 0.5;  // every value and sum is a dyadic fraction: only the truncation is left
  const double error = std::abs(five_point([](double t) { return t * t * t * t * t; }, h) - 0.0);
  const double bound = five_point_truncation_bound(h, 120);
  EXPECT_LE(error, bound);
  EXPECT_GE(error, bound * (1 - 1e-12));  // empirical: room for the allowance and the rounding of /12
}

TEST(FivePointBound, has_no_truncation_for_a_polynomial_of_degree_four) {
  const double derivative = five_point([](double t) { return ((3 * t + 2) * t - 5) * t * t + 7 * t; }, 0.25);
  EXPECT_NEAR(derivative, 7.0, five_point_rounding_bound(0.25, 7.0, unit_roundoff_double));
}

TEST(FivePointBound, weighs_the_worst_evaluation_errors) {
  const double delta = 0x1p-20;
  const double h = 0.5;
  const auto worst = [delta](double t) { return (t == -1.0 || t == 0.5) ? delta : -delta; };  // signs of the weights
  const double error = std::abs(five_point(worst, h));
  EXPECT_LE(error, five_point_evaluation_bound(h, delta));
  EXPECT_GE(error, five_point_evaluation_bound(h, delta) * (1 - 1e-12));  // empirical, as above
}

TEST(FivePointBound, covers_the_whole_error_for_the_exponential_at_every_step) {
  int compared = 0;
  for (int power = 1; power <= 30; ++power) {
    const double h = std::ldexp(1.0, -power);
    const double largest = std::exp(2 * h) * (1 + 4 * unit_roundoff_double);
    const double delta = 4 * unit_roundoff_double * largest;  // glibc documents 1 ulp for exp; 4u is twice that
    const double error = std::abs(five_point([](double t) { return std::exp(t); }, h) - 1.0);
    EXPECT_LE(error, five_point_truncation_bound(h, largest) + five_point_evaluation_bound(h, delta) +
                         five_point_rounding_bound(h, largest, unit_roundoff_double));
    ++compared;
  }
  EXPECT_EQ(compared, 30);
}

TEST(FivePointStep, is_a_power_of_two_within_a_factor_two_of_the_best_sum) {
  const double m5 = 3.0;
  const double delta = 1e-15;
  const double h = five_point_step(m5, delta);
  int exponent = 0;
  EXPECT_EQ(std::frexp(h, &exponent), 0.5);
  const auto total = [m5, delta](double step) {
    return five_point_truncation_bound(step, m5) + five_point_evaluation_bound(step, delta);
  };
  double best = total(h);
  for (double step = h / 16; step < h * 16; step *= 1.01) best = std::min(best, total(step));
  EXPECT_LE(total(h), 2 * best);
}

TEST(FivePointStep, is_nan_where_a_bound_is_missing) {
  EXPECT_TRUE(std::isnan(five_point_step(0.0, 1e-15)));
  EXPECT_TRUE(std::isnan(five_point_step(1.0, 0.0)));
  EXPECT_TRUE(std::isnan(five_point_step(INFINITY, 1e-15)));
}

}  // namespace
