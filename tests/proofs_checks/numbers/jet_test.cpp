// Are the Taylor coefficients of a Jet the known ones?
#include "proofs_checks/numbers/jet.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "proofs_checks/numbers/dual.hpp"
#include "proofs_checks/numbers/interval.hpp"

namespace normproof::numbers {
namespace {

using Taylor = Jet<Interval, 5>;

Taylor line(double at) { return Taylor::line(Interval(at), Interval(1)); }

void expect_coefficients(const Taylor& jet, const std::vector<Interval>& expected) {
  for (int k = 0; k <= 5; ++k) {
    const Interval& want = expected[static_cast<std::size_t>(k)];
    EXPECT_FALSE(certainly_disjoint(jet[k], want)) << "order " << k << ": " << decimal(jet[k]) << ", " << decimal(want);
    EXPECT_TRUE(hull_is_narrow(jet[k], want, Interval(1), 200)) << "order " << k;
  }
}

std::vector<Interval> fractions(const std::vector<std::pair<int, int>>& pairs) {
  std::vector<Interval> values;
  for (const auto& pair : pairs) values.push_back(Interval(pair.first) / Interval(pair.second));
  return values;
}

TEST(Jet, knows_the_series_of_one_over_one_minus_t) {
  expect_coefficients(Taylor(1) / (Taylor(1) - line(0)), fractions({{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}));
}

TEST(Jet, knows_the_binomial_series_of_a_root) {
  expect_coefficients(sqrt(Taylor(1) + line(0)), fractions({{1, 1}, {1, 2}, {-1, 8}, {1, 16}, {-5, 128}, {7, 256}}));
}

TEST(Jet, knows_the_series_of_exp_log_tanh_and_softplus) {
  expect_coefficients(exp(line(0)), fractions({{1, 1}, {1, 1}, {1, 2}, {1, 6}, {1, 24}, {1, 120}}));
  expect_coefficients(log(line(1)), fractions({{0, 1}, {1, 1}, {-1, 2}, {1, 3}, {-1, 4}, {1, 5}}));
  expect_coefficients(tanh(line(0)), fractions({{0, 1}, {1, 1}, {0, 1}, {-1, 3}, {0, 1}, {2, 15}}));
  std::vector<Interval> softplus_series = fractions({{0, 1}, {1, 2}, {1, 8}, {0, 1}, {-1, 192}, {0, 1}});
  softplus_series[0] = smooth(Smooth::log, 0, Interval(2));
  expect_coefficients(softplus(line(0)), softplus_series);
}

TEST(Jet, agrees_with_the_derivatives_that_dual_numbers_give) {
  // The derivative of each order of tanh and softplus is the next order; a product and a quotient go along.
  for (const Smooth function : {Smooth::tanh, Smooth::softplus}) {
    for (int order = 0; order < 3; ++order) {
      const auto f = [&](const auto& t) { return smooth(function, order, t * t + t) * t / (t + 3); };
      const Jet<Interval, 5> jet = f(line(0.75));
      const Dual<Interval> dual = f(Dual<Interval>(Interval(0.75), Interval(1)));
      EXPECT_FALSE(certainly_disjoint(jet[0], dual.value));
      EXPECT_FALSE(certainly_disjoint(jet[1], dual.tangent)) << static_cast<int>(function) << " order " << order;
    }
  }
}

TEST(Jet, keeps_numbers_that_do_not_depend_on_t_short) {
  EXPECT_EQ((Taylor(3) * Taylor(5) + sqrt(Taylor(2)) / Taylor(7)).degree, 0);
  EXPECT_EQ((line(1) * line(2) * Taylor(3)).degree, 2);
}

TEST(Jet, encloses_the_fifth_derivative_over_a_whole_stencil) {
  // The fifth Taylor coefficient of 1/(1 + t²) at each t of [−1/8, 1/8] lies in both enclosures.
  const auto f = [](const auto& t) { return 1 / (1 + t * t); };
  const Jet<Bounded, 5> rounded = f(Jet<Bounded, 5>::line(Bounded(0, 0.125), Bounded(1)));
  const Taylor wide = f(Taylor::line(Interval::between(-0.125, 0.125), Interval(1)));
  for (int k = -8; k <= 8; ++k) {
    const Interval here = f(line(k / 64.0))[5];
    EXPECT_FALSE(certainly_disjoint(wide[5], here)) << k;
    EXPECT_FALSE(certainly_farther(here, rounded[5].value, rounded[5].error)) << k;
  }
}

TEST(Jet, refuses_a_kink_inside_the_stencil_and_takes_one_beside_it) {
  EXPECT_THROW(relu(Taylor::line(Interval::between(-1, 1), Interval(1))), OutsideDomain);
  EXPECT_EQ(relu(Taylor::line(Interval::between(1, 2), Interval(1))).degree, 1);
  EXPECT_TRUE(relu(Taylor::line(Interval::between(-2, -1), Interval(1)))[1].is_exact_zero());
}

}  // namespace
}  // namespace normproof::numbers
