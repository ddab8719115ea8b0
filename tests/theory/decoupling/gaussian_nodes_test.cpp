// Are expectations over one Gaussian number as near to the truth as their error bound says?
#include "theory/decoupling/gaussian_nodes.hpp"

#include <gtest/gtest.h>

#include <boost/math/constants/constants.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <cmath>

namespace normproof::theory_tests {
namespace {

double logistic(double s) { return 1 / (1 + std::exp(-s)); }

// E g(m + σN) by Boost: 61 points on each of many pieces, so that its error is rounding's.
template <class Function>
double by_boost(Function g, double m, double sigma) {
  const auto integrand = [&](double t) {
    return g(m + sigma * t) * std::exp(-t * t / 2) / std::sqrt(boost::math::constants::two_pi<double>());
  };
  double sum = 0;
  for (int k = -40; k < 40; ++k)
    sum += boost::math::quadrature::gauss_kronrod<double, 61>::integrate(integrand, k / 4.0, (k + 1) / 4.0, 0);
  return sum;
}

// Rounding: some hundred terms of at most a few units.
constexpr double rounding = 1e-13;

TEST(GaussianNodes, weights_sum_to_one_with_variance_one) {
  const auto nodes = theory::gaussian_nodes<double>(2, 10);
  double sum = 0, square = 0;
  for (std::size_t k = 0; k < nodes.points.size(); ++k) {
    sum += nodes.weights[k];
    square += nodes.weights[k] * nodes.points[k] * nodes.points[k];
  }
  EXPECT_NEAR(sum, 1, rounding);
  EXPECT_NEAR(square, 1, rounding);
}

TEST(GaussianNodes, exponentials_have_their_closed_form) {
  const auto nodes = theory::gaussian_nodes<double>(2, 12);
  const double computed = theory::gaussian_expectation<double>(nodes, 0.3, 0.5, [](double s) { return std::exp(s); });
  EXPECT_NEAR(computed, std::exp(0.3 + 0.125), rounding);
}

TEST(GaussianNodes, logistic_and_tanh_are_within_the_bound_of_boost_s_quadrature) {
  for (const int per_unit : {2, 3, 4, 8}) {
    const auto nodes = theory::gaussian_nodes<double>(per_unit, 7);
    const double width = 1.5, narrow = 0.75;
    const double wide_bound = theory::gaussian_quadrature_bound<double>(nodes, 1.0, width);
    const double narrow_bound = theory::gaussian_quadrature_bound<double>(nodes, 1.0, narrow);
    EXPECT_GT(narrow_bound, wide_bound);
    for (const double m : {-3.0, 0.0, 0.7})
      for (const double sigma : {0.1, 0.5, 1.0}) {
        EXPECT_LE(
            std::abs(theory::gaussian_expectation<double>(nodes, m, sigma, logistic) - by_boost(logistic, m, sigma)),
            wide_bound + rounding);
        const auto tanh_of = [](double s) { return std::tanh(s); };
        EXPECT_LE(
            std::abs(theory::gaussian_expectation<double>(nodes, m, sigma, tanh_of) - by_boost(tanh_of, m, sigma)),
            narrow_bound + rounding);
        const auto with_factor = [&](double s) { return logistic(s) * (s - m) / sigma; };
        EXPECT_LE(std::abs(theory::gaussian_expectation<double>(nodes, m, sigma, logistic, 1) -
                           by_boost(with_factor, m, sigma)),
                  theory::gaussian_quadrature_bound<double>(nodes, 1.0, width, true) + rounding);
      }
  }
}

TEST(GaussianNodes, coarse_nodes_are_really_off_so_the_bound_is_needed) {
  const auto nodes = theory::gaussian_nodes<double>(1, 7);
  const auto steep = [](double s) { return logistic(4 * s); };
  EXPECT_GT(std::abs(theory::gaussian_expectation<double>(nodes, 0.7, 1.0, steep) - by_boost(steep, 0.7, 1.0)), 1e-3);
}

}  // namespace
}  // namespace normproof::theory_tests
