// Does GDNP, run on the tanh network, never come to rest, and are the network's expectations within their errors?
#include "proofs_checks/inputs/tanh_network.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "impl/reference/gdnp.hpp"

namespace normproof::inputs {
namespace {

constexpr double v1 = 1.0 / network_inverse_v1, other = 1.0 / network_inverse_other;
constexpr int nodes_a_unit = 2, halves = 1;

NetworkExpectations<double> expectations(double mu, const std::vector<double>& own, int per_unit) {
  return expectations_of<double>({.mu = mu, .mean = mu * v1, .other = other}, own[0], own[1], per_unit, halves);
}

TEST(TanhNetwork, expectations_are_within_their_errors_of_a_finer_rule) {
  for (const double mu : {0.5, 1.0})
    for (const double x : {-0.4, 0.0, 0.3})
      for (const double y : {-0.3, 0.1}) {
        const auto coarse = expectations(mu, {x, y}, nodes_a_unit), fine = expectations(mu, {x, y}, 8);
        EXPECT_LE(std::abs(coarse.slope - fine.slope), coarse.slope_error + fine.slope_error);
        EXPECT_LE(std::abs(coarse.bend - fine.bend), coarse.bend_error + fine.bend_error);
        EXPECT_LE(std::abs(coarse.mixed - fine.mixed), coarse.mixed_error + fine.mixed_error);
        EXPECT_LT(coarse.bend_error, 1e-5);  // what the theorem gives: 6 · 4.4e-7
      }
}

// E G itself, by nodes.
double objective(double mu, double x, double y) {
  const auto nodes = theory::gaussian_nodes<double>(4, 7);
  double sum = 0;
  for (std::size_t i = 0; i < nodes.points.size(); ++i)
    for (std::size_t j = 0; j < nodes.points.size(); ++j) {
      const double z1 = mu * v1 + std::sqrt(mu - mu * v1 * mu * v1) * nodes.points[i], z2 = nodes.points[j];
      sum += nodes.weights[i] * nodes.weights[j] *
             reference::softplus(std::tanh(x * z1 + y * z2) / 2 + std::tanh(other * z2));
    }
  return sum;
}

TEST(TanhNetwork, expectations_make_the_gradient_of_the_objective_by_stein_s_identity) {
  constexpr double mu = 0.5, h = 1e-4;
  constexpr double of_the_difference = 1e-7;  // empirical: h² times a third derivative, and rounding over h
  for (const double x : {-0.4, 0.3})
    for (const double y : {-0.3, 0.1}) {
      const auto at = expectations(mu, {x, y}, 4);
      const double u1 = mu * v1;
      EXPECT_NEAR((objective(mu, x + h, y) - objective(mu, x - h, y)) / (2 * h),
                  at.slope * u1 + at.bend * (mu - u1 * u1) * x, of_the_difference);
      EXPECT_NEAR((objective(mu, x, y + h) - objective(mu, x, y - h)) / (2 * h), at.bend * y + at.mixed * other,
                  of_the_difference);
    }
}

TEST(TanhNetwork, gdnp_goes_to_and_fro_and_the_gradient_keeps_its_size) {
  for (const double mu : {0.5, 0.75, 1.0}) {
    const std::vector<double> s = {mu, 0, 0, 1}, u = {mu * v1, 0};
    std::vector<double> directions, gradients;
    const auto at = [&](const std::vector<double>& own) {
      const auto values = expectations(mu, own, nodes_a_unit);
      return reference::Expectations<double>{
          .gradient = {values.slope * u[0] + values.bend * (mu - u[0] * u[0]) * own[0],
                       values.bend * own[1] + values.mixed * other},
          .slope = values.slope,
          .bend = values.bend};
    };
    constexpr int steps = 60, halvings = 30;
    reference::gdnp(
        reference::StoppingRule::needed, s, u, 1, {.w = {8, 15}, .gamma = 1}, {steps, halvings}, at,
        [](const std::vector<double>&) {
          return reference::Bracket<double>{-0.5, 0};
        },
        [&](const reference::GdnpState& state, int) {
          directions.push_back(state.w[1] / state.w[0]);
          const auto g = at(reference::normalized_weights<double>(s, state.w, state.gamma)).gradient;
          gradients.push_back(std::sqrt(g[0] * g[0] / mu + g[1] * g[1]));
        });
    ASSERT_EQ(directions.size(), static_cast<std::size_t>(steps + 1));
    for (std::size_t t = 0; t < directions.size(); ++t) {
      const bool far = t % 2 == 0;
      EXPECT_GE(directions[t], far ? 27.0 / 16 : 6.0 / 16) << t;
      EXPECT_LE(directions[t], far ? 34.0 / 16 : 12.0 / 16) << t;
      EXPECT_GT(gradients[t], 1e-3) << t;  // 2.8e-3 at least: far above 2^(−30)
    }
  }
}

}  // namespace
}  // namespace normproof::inputs
