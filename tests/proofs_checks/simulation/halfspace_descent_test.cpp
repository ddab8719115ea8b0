// Do GDNP and its rivals reach the solution of a small halfspace problem, and are bad matrices refused?
#include "proofs_checks/simulation/halfspace_descent.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "proofs_checks/growth.hpp"

namespace normproof::simulation {
namespace {

// S = diag(1, 1/2), v = (0.6, −0.8): vᵀSv = 0.68.
HalfspaceProblem small() { return gaussian_halfspace({1, 0, 0, 0.5}, {0.6, -0.4}); }

const std::vector<double> start = {1, 1};

TEST(HalfspaceDescent, every_method_brings_the_gradient_down) {
  for (const HalfspaceMethod method :
       {HalfspaceMethod::gdnp, HalfspaceMethod::gradient_descent, HalfspaceMethod::accelerated}) {
    const auto records = run(small(), method, start, 200, nullptr);
    ASSERT_EQ(records.size(), 201U) << word(method);
    EXPECT_LT(records.back().gradient_norm, 1e-3 * records.front().gradient_norm) << word(method);
  }
}

TEST(HalfspaceDescent, gdnp_s_direction_keeps_the_rate_of_least_squares) {
  const auto records = run(small(), HalfspaceMethod::gdnp, start, 20, nullptr);
  // (1 − μ/L)² = 1/4; 1e-14 for the last bits of a difference of numbers below 1.
  for (std::size_t t = 0; t + 1 < records.size(); ++t)
    EXPECT_LE(records[t + 1].direction_excess, records[t].direction_excess / 4 + 1e-14);
}

TEST(HalfspaceDescent, counts_one_evaluation_a_step_of_gradient_descent_and_many_of_gdnp) {
  EXPECT_EQ(run(small(), HalfspaceMethod::gradient_descent, start, 7, nullptr).back().evaluations, 7U);
  EXPECT_GT(run(small(), HalfspaceMethod::gdnp, start, 7, nullptr).back().evaluations, 200U);
}

TEST(HalfspaceDescent, gradients_are_the_slopes_of_the_objective) {
  const HalfspaceProblem problem = small();
  const std::vector<double> at = {0.4, -0.9}, beside = {0.4 + 1e-6, -0.9}, before = {0.4 - 1e-6, -0.9};
  const double slope = (problem.at(beside).objective - problem.at(before).objective) / 2e-6;
  EXPECT_NEAR(slope, problem.at(at).expectations.gradient[0], 1e-8);  // a central difference's error
}

TEST(HalfspaceDescent, samples_have_their_own_moments) {
  const HalfspaceProblem problem = sampled_halfspace("samples", {1, 0, 0, 2, -1, 1}, 2);
  EXPECT_DOUBLE_EQ(problem.u[1], 1);
  EXPECT_DOUBLE_EQ(problem.s[0], 2.0 / 3);
  EXPECT_DOUBLE_EQ(problem.s[1], -1.0 / 3);
}

TEST(HalfspaceDescent, refuses_a_matrix_that_is_not_positive_definite) {
  EXPECT_THROW(gaussian_halfspace({1, 1, 1, 1}, {0.1, 0.1}), std::invalid_argument);
  EXPECT_THROW(gaussian_halfspace({1, 0, 0, -1}, {0.1, 0.1}), std::invalid_argument);
  EXPECT_THROW(sampled_halfspace("flat", {1, 2, 2, 4, 3, 6}, 2), std::invalid_argument);
  // S − uuᵀ is the covariance.
  EXPECT_THROW(gaussian_halfspace({1, 0, 0, 1}, {1, 0.5}), std::invalid_argument);
}

TEST(HalfspaceDescent, stops_where_it_is_interrupted) {
  const std::atomic<bool> interrupted = true;
  EXPECT_THROW(run(small(), HalfspaceMethod::gdnp, start, 5, &interrupted), Interrupted);
}

TEST(HalfspaceDescent, quadrature_has_a_small_proved_error_for_moderate_weights) {
  EXPECT_LT(gaussian_halfspace_error(1), 1e-12);
  EXPECT_LT(gaussian_halfspace_error(3), 1e-8);
}

}  // namespace
}  // namespace normproof::simulation
