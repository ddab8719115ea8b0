// Are the facts about a channel, in double-double, those of MPFR to far more digits than any bound needs?
#include "proofs_checks/rounding/exact_channel.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/mpfr.hpp>
#include <cmath>
#include <vector>

#include "proofs_checks/rounding/channels.hpp"

namespace normproof::rounding {
namespace {

constexpr unsigned digits = 100;
using Exact =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<digits>, boost::multiprecision::et_off>;
using Kind = ChannelRecipe::Kind;

// Thirty digits less those that a condition of 10⁶ cancels in the variance. Bounds are above 2^−24 of what they are of.
constexpr double agreed = 0x1p-80;

double distance_of(const numbers::DoubleDouble& got, const Exact& exact) {
  const Exact off = abs(Exact(got.high()) + Exact(got.low()) - exact);
  return static_cast<double>(exact == 0 ? off : off / abs(exact));
}

struct Moments {
  Exact mean = 0, variance = 0;
};
Moments moments(const std::vector<float>& x) {
  const Exact count(static_cast<double>(x.size()));
  Moments exact;
  for (const float value : x) exact.mean += static_cast<double>(value) / count;
  for (const float value : x) {
    const Exact deviation = static_cast<double>(value) - exact.mean;
    exact.variance += deviation * deviation / count;
  }
  return exact;
}

TEST(ExactChannel, has_the_mean_variance_and_inv_std_of_mpfr_for_many_values_and_every_condition) {
  for (const double condition : {0.0, 1.0, 1e3, 1e6})
    for (const std::size_t count : {2U, 1000U, 200'000U}) {
      const std::vector<float> x = channel({Kind::normal, condition, count}, 3, 0);
      const conformance::ChannelFacts facts = channel_facts(x);
      const Moments exact = moments(x);
      const Exact inv_std = 1 / sqrt(exact.variance + Exact(eps));
      EXPECT_LE(distance_of(facts.mean, exact.mean), agreed) << condition << " " << count;
      EXPECT_LE(distance_of(facts.variance, exact.variance), agreed) << condition << " " << count;
      EXPECT_LE(distance_of(facts.inv_std, inv_std), agreed) << condition << " " << count;
    }
}

TEST(ExactChannel, has_the_gradients_of_mpfr) {
  const ChannelRecipe recipe = {Kind::normal, 1e4, 5000};
  const std::vector<float> x = channel(recipe, 3, 0), dy = upstream(recipe, x, 3, 0);
  const GivenStatistics given = {1e4F, 0.97F, -1.5F};
  const conformance::ChannelOracle facts = gradient_facts(x, dy, given);
  Exact dbeta = 0, dgamma = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Exact x_hat =
        (Exact(static_cast<double>(x[i])) - static_cast<double>(given.mean)) * static_cast<double>(given.inv_std);
    dbeta += static_cast<double>(dy[i]);
    dgamma += static_cast<double>(dy[i]) * x_hat;
  }
  EXPECT_LE(distance_of(facts.gradient.sum_dy, dbeta), agreed);
  EXPECT_LE(distance_of(facts.gradient.sum_dy_x_hat, dgamma), agreed);
  const conformance::InputGradientFormula formula(facts, true);
  const Exact count(static_cast<double>(x.size()));
  for (std::size_t i = 0; i < 20; ++i) {
    const Exact x_hat =
        (Exact(static_cast<double>(x[i])) - static_cast<double>(given.mean)) * static_cast<double>(given.inv_std);
    const Exact dx = Exact(static_cast<double>(given.gamma)) * static_cast<double>(given.inv_std) *
                     (static_cast<double>(dy[i]) - dbeta / count - x_hat * dgamma / count);
    EXPECT_LE(distance_of(formula(x[i], dy[i]), dx), agreed);
  }
}

TEST(Distance, is_that_of_the_computed_value_from_the_exact_one) {
  EXPECT_EQ(distance(numbers::DoubleDouble(1) + 0x1p-80, 1), 0x1p-80);
  EXPECT_EQ(distance(numbers::DoubleDouble(-2), 1), 3);
}

}  // namespace
}  // namespace normproof::rounding
