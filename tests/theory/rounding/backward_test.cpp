// Do the sums and dx of a backward float kernel stay within the bounds of its own trees, how near do they come, and
// does a missing term break them?
#include "theory/rounding/backward.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/theory/rounding/float_kernels.hpp"

namespace {

using namespace normproof::tests;
using namespace normproof::theory;

const Unit unit;
constexpr float gamma_given = -1.7F;

double pairwise_height(std::size_t n) { return std::ceil(std::log2(static_cast<double>(n))); }

struct Call {
  std::vector<float> x, dy;
  float mean = 0, inv_std = 1;
};

// dy has a mean and leans on x, so that no term of dx is small by chance.
Call call(std::size_t m, double condition, std::uint64_t seed) {
  Call made = {random_channel(m, condition, seed), random_channel(m, 0.3, seed + 1000)};
  const Reference right = reference(made.x, 1e-5);
  made.mean = static_cast<float>(right.mean);
  made.inv_std = static_cast<float>(right.inv_std);
  for (std::size_t i = 0; i < m; ++i) {
    made.dy[i] += 0.5F * static_cast<float>((made.x[i] - right.mean) * right.inv_std);
  }
  return made;
}

Gradients plain(const Call& given) {
  return backward<float>(given.x, given.dy, given.mean, given.inv_std, gamma_given, pairwise_sum<float>);
}

BackwardReference right_of(const Call& given) {
  return backward_reference(given.x, given.dy, given.mean, given.inv_std, gamma_given);
}

BackwardHeights looked_at(const Call& given, const BackwardReference& right) {
  std::vector<float> products;
  double magnitudes = 0;
  for (std::size_t i = 0; i < given.x.size(); ++i) {
    products.push_back(given.dy[i] * ((given.x[i] - given.mean) * given.inv_std));
    magnitudes += std::abs(products.back());
  }
  return {effective_height(pairwise_half_ulps(given.dy), unit.roundoff, right.data.sum_abs_dy),
          effective_height(pairwise_half_ulps(products), unit.roundoff, magnitudes)};
}

void expect_within(const Call& given, const Gradients& got, const BackwardHeights& heights,
                   std::vector<double>& ratios) {
  const BackwardReference right = right_of(given);
  EXPECT_LE(error(got.dbeta, right.dbeta), dbeta_error(right.data, unit, heights.dbeta));
  EXPECT_LE(error(got.dgamma, right.dgamma), dgamma_error(right.data, unit, heights.dgamma, 0));
  for (std::size_t i = 0; i < given.x.size(); ++i) {
    const double bound = two_pass_input_gradient_error(right.data, unit, heights, given.x[i], given.dy[i]);
    const double off = error(got.dx[i], right.dx(given.x[i], given.dy[i]));
    EXPECT_LE(off, bound);
    if (off > 0) ratios.push_back(bound / off);
  }
}

TEST(BackwardBounds, hold_with_the_height_of_the_pairwise_tree) {
  std::vector<double> ratios;
  for (const std::size_t m : {1U, 2U, 3U, 17U, 100U, 1000U}) {
    for (const double condition : {0.0, 1.0, 30.0, 1e3, 1e6}) {
      const Call given = call(m, condition, m);
      expect_within(given, plain(given), {pairwise_height(m), pairwise_height(m)}, ratios);
    }
  }
  EXPECT_GT(ratios.size(), 1000U);
}

// The limit of 50 is what the claims ask for. Seen: 32 with the height, 19 with the partial sums.
TEST(BackwardBounds, are_within_fifty_times_the_error_of_dx_in_the_median_for_pairwise_trees) {
  for (const double condition : {0.0, 1.0, 30.0, 1e3}) {
    std::vector<double> by_height, by_partial_sums;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Call given = call(128, condition, seed);
      const Gradients got = plain(given);
      expect_within(given, got, {7, 7}, by_height);
      expect_within(given, got, looked_at(given, right_of(given)), by_partial_sums);
    }
    EXPECT_LE(median(by_height), 50);
    EXPECT_LE(median(by_partial_sums), median(by_height));
  }
}

// What each deleted or wrong term does to dx is larger than the bound at most elements.
TEST(BackwardBounds, are_broken_by_every_missing_term) {
  const Call given = call(100, 3, 7);
  const BackwardReference right = right_of(given);
  const double m = right.data.count, s = right.data.sum_dy, t = right.data.sum_dy_x_hat;
  int without_mean = 0, without_projection = 0, without_gamma = 0, with_other_count = 0;
  for (std::size_t i = 0; i < given.x.size(); ++i) {
    const double bound = two_pass_input_gradient_error(right.data, unit, {7, 7}, given.x[i], given.dy[i]);
    const double x_hat = (given.x[i] - right.data.mean) * right.data.inv_std;
    const long double exact = right.dx(given.x[i], given.dy[i]);
    const double prefix = gamma_given * right.data.inv_std;
    const auto breaks = [&](double dx) { return error(dx, exact) > bound ? 1 : 0; };
    without_mean += breaks(prefix * (given.dy[i] - x_hat * t / m));
    without_projection += breaks(prefix * (given.dy[i] - s / m));
    without_gamma += breaks(right.data.inv_std * (given.dy[i] - s / m - x_hat * t / m));
    with_other_count += breaks(prefix * (given.dy[i] - s / (m - 1) - x_hat * t / (m - 1)));
  }
  EXPECT_EQ(without_mean, 100);
  EXPECT_GE(without_projection, 99);  // x_hat may be near 0
  EXPECT_GE(without_gamma, 99);       // dx may
  EXPECT_GE(with_other_count, 99);
}

TEST(BackwardBounds, leave_out_what_does_not_depend_on_the_statistics) {
  GradientData g;
  g.count = 10;
  g.inv_std = 2;
  g.gamma = 3;
  g.sum_dy = g.sum_abs_dy = 1e6;
  g.sum_dy_x_hat = g.sum_abs_dy_x_hat = 1e6;
  g.through_statistics = false;
  const double bound = two_pass_input_gradient_error(g, unit, {5, 5}, 1, 1);
  EXPECT_LE(bound, 6 * 2.001 * unit.roundoff);  // two roundings of 6
  EXPECT_GE(bound, 6 * 2 * unit.roundoff);
  g.through_statistics = true;
  g.through_variance = false;
  const double with_mean = two_pass_input_gradient_error(g, unit, {5, 5}, 1, 1);
  g.sum_dy_x_hat = g.sum_abs_dy_x_hat = 1e12;
  EXPECT_EQ(two_pass_input_gradient_error(g, unit, {5, 5}, 1, 1), with_mean);
}

}  // namespace
