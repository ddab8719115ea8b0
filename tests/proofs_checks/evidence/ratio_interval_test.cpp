// Does the interval for a ratio of means keep its level however often one looks, and are its edges where they belong?
#include "proofs_checks/evidence/ratio_interval.hpp"

#include <gtest/gtest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "proofs_checks/inputs/gaussian.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::evidence {
namespace {

using inputs::RandomStream;

constexpr double infinity = std::numeric_limits<double>::infinity();

double gaussian(RandomStream& stream) {
  const std::uint64_t first = stream.next_uint64(), second = stream.next_uint64();
  return inputs::gaussian_pair(first, second).first;
}

double log_bayes_factor(double t_squared, double n) {
  const double r = 1 + n * effect_variance, freedom = n - 1;
  return -std::log(r) / 2 + n / 2 * (std::log1p(t_squared / freedom) - std::log1p(t_squared / (freedom * r)));
}

// ∫ of the likelihood of D_1 … D_n over μ = effect·σ, effect ~ N(0, g), and over the right Haar measure dσ/σ; for g = 0
// without the effect. By two nested quadratures; `data` should be of size about 1.
double marginal_likelihood(const std::vector<double>& data, double g) {
  using Quadrature = boost::math::quadrature::gauss_kronrod<double, 61>;
  const auto likelihood = [&](double effect, double sigma) {
    double exponent = 0;
    for (const double d : data) exponent -= (d / sigma - effect) * (d / sigma - effect) / 2;
    return std::exp(exponent) * std::pow(sigma, -static_cast<double>(data.size()));
  };
  const auto over_effects = [&](double sigma) {
    if (g == 0) return likelihood(0, sigma);
    const auto weighted = [&](double z) { return std::exp(-z * z / 2) * likelihood(z * std::sqrt(g), sigma); };
    return Quadrature::integrate(weighted, -8.0, 8.0, 8, 1e-10) / std::sqrt(2 * std::acos(-1.0));
  };
  // σ from e⁻⁶ to e⁶: beyond, the integrand is below 1e-12 of its maximum for the data used.
  const auto over_log_sigma = [&](double log_sigma) { return over_effects(std::exp(log_sigma)); };
  return Quadrature::integrate(over_log_sigma, -6.0, 6.0, 10, 1e-9);
}

TEST(Bayes_factor, is_the_quotient_of_two_integrals) {
  RandomStream stream(1, "ratio_interval_test", "quadrature");
  for (const std::size_t n : {5U, 9U, 16U})
    for (const double shift : {0.0, 0.4, 1.3}) {
      std::vector<double> data, zeros(n, 1.0);
      for (std::size_t i = 0; i < n; ++i) data.push_back(shift + gaussian(stream));
      const PairMoments moments = pair_moments(data, zeros);
      const double count = static_cast<double>(n);
      const double t_squared = count * moments.mean_x * moments.mean_x / moments.var_x;
      const double integrals = marginal_likelihood(data, effect_variance) / marginal_likelihood(data, 0);
      EXPECT_NEAR(log_bayes_factor(t_squared, count), std::log(integrals), 1e-6) << n << " " << shift;
    }
}

TEST(Critical_t, is_where_the_bayes_factor_reaches_one_over_alpha) {
  for (const double alpha : {0.05, 1e-3, 5e-10})
    for (const std::size_t n : {2U, 4U, 8U, 16U, 32U, 256U, 4096U}) {
      const double t_squared = critical_t_squared(n, alpha), count = static_cast<double>(n);
      if (std::isinf(t_squared))
        EXPECT_LT(log_bayes_factor(1e300, count), -std::log(alpha)) << n << " " << alpha;
      else
        EXPECT_NEAR(log_bayes_factor(t_squared, count), -std::log(alpha), 1e-9) << n << " " << alpha;
    }
}

TEST(Critical_t, does_not_exist_for_few_groups_at_a_small_alpha) {
  EXPECT_TRUE(std::isinf(critical_t_squared(1, 0.05)));
  EXPECT_TRUE(std::isinf(critical_t_squared(8, 5e-10)));
  EXPECT_FALSE(std::isinf(critical_t_squared(16, 5e-10)));
  EXPECT_GT(critical_t_squared(32, 5e-10), critical_t_squared(256, 5e-10));
}

// X is a mean over 8 replicas of squares of Gaussian numbers, gamma-distributed; Y, over eight times as many, is less
// skewed, and depends on X.
PairMoments squares(RandomStream& stream, std::vector<double>& x, std::vector<double>& y, std::size_t n, double ratio) {
  constexpr int replicas = 8, further = 56;
  while (x.size() < n) {
    double of_x = 0, of_y = 0;
    for (int k = 0; k < replicas; ++k) {
      const double z = gaussian(stream);
      of_x += z * z, of_y += z * z;
    }
    for (int k = 0; k < further; ++k) {
      const double z = gaussian(stream);
      of_y += z * z;
    }
    x.push_back(ratio * of_x / replicas), y.push_back(of_y / (replicas + further));
  }
  return pair_moments(x, y);
}

PairMoments gaussians(RandomStream& stream, std::vector<double>& x, std::vector<double>& y, std::size_t n,
                      double ratio) {
  while (x.size() < n) {
    const double both = gaussian(stream), one = gaussian(stream), other = gaussian(stream);
    x.push_back(ratio * (1 + 0.2 * both + 0.2 * one)), y.push_back(1 + 0.2 * both + 0.2 * other);
  }
  return pair_moments(x, y);
}

using Draw = PairMoments (*)(RandomStream&, std::vector<double>&, std::vector<double>&, std::size_t, double);

// In how many of so many runs is the true ratio outside at any of 8, 9, … n groups?
int misses(Draw draw, const std::string& name, double alpha, int runs, std::size_t n) {
  constexpr double ratio = 0.7;
  int missed = 0;
  for (int run = 0; run < runs; ++run) {
    RandomStream stream(2, "ratio_interval_test", name, std::to_string(run));
    std::vector<double> x, y;
    bool outside = false;
    for (std::size_t groups = 8; groups <= n && !outside; ++groups) {
      const RatioInterval interval = ratio_interval(draw(stream, x, y, groups, ratio), alpha);
      outside = !(interval.low <= ratio && ratio <= interval.high);
    }
    missed += outside ? 1 : 0;
  }
  return missed;
}

TEST(Ratio_interval, misses_a_gaussian_ratio_at_most_as_often_as_stated_however_often_one_looks) {
  // Of 1000 runs at 0.05 more than 80 are outside with probability 2e-5. With a t of 2 at every look 351 are.
  EXPECT_LE(misses(gaussians, "gaussian", 0.05, 1000, 128), 80);
}

TEST(Ratio_interval, misses_not_much_more_often_for_means_of_squares) {
  // Not Gaussian, so that the stated level is no theorem here: 30 in 1000 are seen, empirically.
  EXPECT_LE(misses(squares, "squares", 0.05, 1000, 128), 80);
}

TEST(Ratio_interval, finds_a_ratio_that_is_another) {
  int found = 0;
  for (int run = 0; run < 200; ++run) {
    RandomStream stream(3, "ratio_interval_test", std::to_string(run));
    std::vector<double> x, y;
    const RatioInterval interval = ratio_interval(gaussians(stream, x, y, 64, 0.7), 0.05);
    found += interval.low > 0.55 && interval.high < 0.88 ? 1 : 0;
  }
  EXPECT_GE(found, 190);
}

TEST(Bayes_factor, has_mean_one_under_the_law_of_t) {
  // Without that it would not be a quotient of densities of t. Heavy tails: by quadrature, t = sinh z.
  for (const std::size_t n : {2U, 3U, 6U, 32U, 256U}) {
    const double count = static_cast<double>(n);
    const double freedom = count - 1;
    const double log_of_norm =
        std::lgamma(count / 2) - std::lgamma(freedom / 2) - std::log(freedom * std::acos(-1.0)) / 2;
    const auto integrand = [&](double z) {  // the factor alone would overflow
      const double t = std::sinh(z);
      const double log_density = log_of_norm - count / 2 * std::log1p(t * t / freedom);
      return std::exp(log_bayes_factor(t * t, count) + log_density) * std::cosh(z);
    };
    using Quadrature = boost::math::quadrature::gauss_kronrod<double, 61>;
    EXPECT_NEAR(Quadrature::integrate(integrand, -40.0, 40.0, 15, 1e-12), 1, 1e-8) << n;
  }
}

PairMoments moments(double mean_x, double mean_y, double var_x, double var_y, double cov, std::size_t n = 32) {
  return {.n = n, .mean_x = mean_x, .mean_y = mean_y, .var_x = var_x, .var_y = var_y, .cov = cov};
}

TEST(Ratio_interval, ends_where_the_t_statistic_is_critical) {
  const PairMoments of = moments(3, 2, 0.4, 0.3, 0.1);
  const RatioInterval interval = ratio_interval(of, 1e-3);
  for (const double ratio : {interval.low, interval.high}) {
    const double mean = of.mean_x - ratio * of.mean_y,
                 variance = of.var_x - 2 * ratio * of.cov + ratio * ratio * of.var_y;
    EXPECT_NEAR(32 * mean * mean / variance, critical_t_squared(32, 1e-3), 1e-9);
  }
  EXPECT_LT(interval.low, 1.5);
  EXPECT_GT(interval.high, 1.5);
}

TEST(Ratio_interval, has_no_upper_end_where_the_lower_mean_may_be_zero) {
  const RatioInterval interval = ratio_interval(moments(10, 1, 0.1, 4, 0), 5e-10);
  EXPECT_GT(interval.low, 0);
  EXPECT_EQ(interval.high, infinity);
}

TEST(Ratio_interval, begins_at_zero_where_the_upper_mean_may_be_zero) {
  const RatioInterval interval = ratio_interval(moments(1, 10, 4, 0.1, 0), 5e-10);
  EXPECT_EQ(interval.low, 0);
  EXPECT_LT(interval.high, infinity);
}

TEST(Ratio_interval, is_everything_where_both_means_may_be_zero) {
  for (const double cov : {-3.9, 0.0, 3.9}) {
    const RatioInterval interval = ratio_interval(moments(1, 1, 4, 4, cov), 5e-10);
    EXPECT_EQ(interval.low, 0) << cov;
    EXPECT_EQ(interval.high, infinity) << cov;
  }
}

TEST(Ratio_interval, is_everything_where_nothing_was_sampled) {
  for (const PairMoments& of : {moments(1, 1, 0, 0, 0), moments(1, 1, 0.1, 0.1, 0, 8), moments(1, 1, 0, 0, 0, 1),
                                moments(-1, 1, 0.1, 0.1, 0), moments(1, 0, 0.1, 0.1, 0), moments(NAN, 1, 0.1, 0.1, 0),
                                moments(1, 1, infinity, 0.1, 0), moments(1e-300, 1, 0.1, 0.1, 0)}) {
    const RatioInterval interval = ratio_interval(of, 5e-10);
    EXPECT_EQ(interval.low, 0);
    EXPECT_EQ(interval.high, infinity);
  }
}

TEST(Ratio_interval, does_not_depend_on_the_units) {
  const RatioInterval one = ratio_interval(moments(3, 2, 0.4, 0.3, 0.1), 1e-3);
  const RatioInterval scaled = ratio_interval(moments(3e150, 2, 0.4e300, 0.3, 0.1e150), 1e-3);
  EXPECT_NEAR(scaled.low / 1e150, one.low, 1e-12 * one.low);
  EXPECT_NEAR(scaled.high / 1e150, one.high, 1e-12 * one.high);
}

TEST(Ratio_interval, narrows_round_pairs_that_vary_together) {
  const RatioInterval together = ratio_interval(moments(1, 1, 0.1, 0.1, 0.0999), 5e-10);
  const RatioInterval apart = ratio_interval(moments(1, 1, 0.1, 0.1, 0), 5e-10);
  EXPECT_LT(together.high - together.low, 0.1 * (apart.high - apart.low));
}

}  // namespace
}  // namespace normproof::evidence
