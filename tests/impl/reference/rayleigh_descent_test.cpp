// Does descent on a Rayleigh quotient go where a small example goes by hand?
#include "impl/reference/rayleigh_descent.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

namespace reference = normproof::reference;
using Values = std::vector<double>;

// S = diag(1, 4), u = (2, 4): v = (2, 1), ρ* = −8.
const Values s = {1, 0, 0, 4}, u = {2, 4};

TEST(RayleighDescent, quotient_is_least_at_the_solution_and_has_no_slope_there) {
  EXPECT_EQ(reference::rayleigh_quotient<double>(s, u, Values{2, 1}), -8.0);
  EXPECT_EQ(reference::rayleigh_gradient<double>(s, u, Values{2, 1}), (Values{0, 0}));
}

TEST(RayleighDescent, gradient_is_across_the_weights) {
  const Values w = {4, 2.5}, gradient = reference::rayleigh_gradient<double>(s, u, w);
  EXPECT_NEAR(reference::inner<double>(gradient, w), 0.0, 1e-14);  // empirical: a few units in the last place
}

TEST(RayleighDescent, one_step_multiplies_the_error_by_one_minus_s_over_l) {
  // w = (2, 0): wᵀSw = 4, uᵀw = 4, c = 1; w − v = (0, −1) and L = 4: the second coordinate is done.
  const Values w = {2, 0};
  const double eta = reference::rayleigh_step_size<double>(s, u, w, 4);
  EXPECT_EQ(eta, 0.125);
  EXPECT_EQ(reference::rayleigh_step<double>(s, u, w, eta), (Values{2, 1}));
}

TEST(RayleighDescent, bare_step_size_lacks_the_squared_length) {
  EXPECT_EQ(reference::rayleigh_step_size_bare<double>(s, u, Values{2, 0}, 4), 0.125 / 4);
}

TEST(RayleighDescent, plain_step_goes_to_the_solution_in_the_steepest_coordinate) {
  // The minimiser of 2uᵀw + wᵀSw is −v.
  EXPECT_EQ(reference::least_squares_step<double>(s, u, Values{0, 0}, 4), (Values{-0.5, -1}));
}

TEST(RayleighDescent, ascent_in_the_metric_of_the_denominator_is_a_power_step) {
  // B = diag(3, 4), A = diag(1, 4): eigenvalues 3 and 1; with the shift 1 the second coordinate vanishes.
  const Values b = {3, 0, 0, 4}, inverse = {1, 0, 0, 0.25}, w = {1, 0.5};
  EXPECT_EQ(reference::generalized_quotient<double>(b, s, w), 2.0);
  EXPECT_EQ(reference::generalized_ascent<double>(b, s, inverse, w, 1.0), (Values{2, 0}));
}

}  // namespace
