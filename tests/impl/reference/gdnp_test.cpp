// Does GDNP take the steps that a small halfspace problem gives by hand, and does it find the solution?
#include "impl/reference/gdnp.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

namespace reference = normproof::reference;
using reference::StoppingRule;
using Values = std::vector<double>;

// S = diag(1, 4), u = Sv with v = (−0.3, −0.2): vᵀSv = 0.25.
const Values s = {1, 0, 0, 4}, u = {-0.3, -0.8};
constexpr double largest = 4;

// φ(t) = t²/2: E φ′ = uᵀw̃, E φ″ = 1, ∇f = Sw̃.
reference::Expectations<double> quadratic(const Values& weights) {
  return {.gradient = reference::symmetric_times<double>(s, weights),
          .slope = reference::inner<double>(u, weights),
          .bend = 1};
}
// φ(t) = t + t²/2: ∇f = u + Sw̃, least at −v.
reference::Expectations<double> least_squares(const Values& weights) {
  reference::Expectations<double> at = quadratic(weights);
  at.slope += 1;
  for (std::size_t k = 0; k < u.size(); ++k) at.gradient[k] += u[k];
  return at;
}
reference::Bracket<double> wide(const Values&) { return {-2, 2}; }
void ignored(const reference::GdnpState&, int) {}
// ‖w̃ + v‖_S² = (γ − γ*)² + (ρ(w) − ρ*), and no entry is larger than that norm, for S ≥ 1. Each direction step
// multiplies ρ(w) − ρ* ≤ 1/4 by (1 − 1/4)² at most, and halvings leave so much of [−2, 2]. Rounding is far below.
double distance_left(int directions, int halvings) {
  return std::pow(0.75, directions) / 2 + std::ldexp(4.0, -halvings);
}

TEST(Gdnp, weights_have_the_length_gamma_in_the_norm_of_s) {
  EXPECT_EQ(reference::normalized_weights<double>(s, Values{0, 1}, 3), (Values{0, 1.5}));
}

TEST(Gdnp, direction_gradient_is_across_the_direction) {
  const Values w = {1, 2}, g = {5, -3};
  EXPECT_NEAR(reference::inner<double>(w, reference::direction_gradient<double>(s, w, 2, g)), 0, 1e-14);  // last bits
}

TEST(Gdnp, direction_gradient_is_the_derivative_of_the_normalized_objective) {
  using dual_number::Dual;
  // f(w̃) = 5w̃₁ − 3w̃₂ along (1, 0) at w = (1, 2), γ = 2.
  const std::vector<Dual> moments = {Dual(1), Dual(0), Dual(0), Dual(4)}, w = {Dual(1, 1), Dual(2)};
  const auto weights = reference::normalized_weights<Dual>(moments, w, Dual(2));
  const double derivative = 5 * weights[0].slope - 3 * weights[1].slope;
  EXPECT_NEAR(derivative, reference::direction_gradient<double>(s, Values{1, 2}, 2, Values{5, -3})[0],
              1e-14);  // last bits
}

TEST(Gdnp, printed_and_needed_stopping_values_agree_at_the_weights_themselves) {
  const Values w = {1, 2};
  const double norm = reference::norm_by<double>(s, w);
  const auto value = [&](StoppingRule rule, double gamma) {
    return reference::stopping_value<double>(rule, s, u, w, gamma, 0.3, 0.7);
  };
  EXPECT_NEAR(value(StoppingRule::printed, norm), value(StoppingRule::needed, norm), 1e-15);  // last bits
  EXPECT_GT(std::abs(value(StoppingRule::printed, 1) - value(StoppingRule::needed, 1)), 0.1);
}

TEST(Gdnp, direction_step_is_that_of_the_rayleigh_quotient_whatever_the_loss) {
  const Values w = {1, -0.5};
  const auto rayleigh =
      reference::rayleigh_step<double>(s, u, w, reference::rayleigh_step_size<double>(s, u, w, largest));
  for (const double gamma : {0.5, -3.0}) {
    const auto at = least_squares(reference::normalized_weights<double>(s, w, gamma));
    const auto step = reference::gdnp_direction_step<double>(StoppingRule::needed, s, u, largest, w, gamma, at);
    for (std::size_t k = 0; k < w.size(); ++k) EXPECT_NEAR(step[k], rayleigh[k], 1e-14);  // last bits
  }
}

TEST(Gdnp, bisection_halves_the_bracket_and_keeps_the_sign_change) {
  const auto bracket = reference::bisected_length<double>({0, 8}, 3, [](double x) { return x - 5.5; });
  EXPECT_EQ(bracket.low, 5);
  EXPECT_EQ(bracket.high, 6);
}

TEST(Gdnp, finds_the_solution_of_least_squares) {
  constexpr int enough = 60;
  const auto state = reference::gdnp(StoppingRule::needed, s, u, largest, {.w = {1, -0.5}, .gamma = 1},
                                     {enough, enough}, least_squares, wide, ignored);
  const auto weights = reference::normalized_weights<double>(s, state.w, state.gamma);
  EXPECT_NEAR(weights[0], 0.3, distance_left(enough, enough));
  EXPECT_NEAR(weights[1], 0.2, distance_left(enough, enough));
}

TEST(Gdnp, takes_the_first_direction_step_with_the_length_of_the_start) {
  const Values start = {1, -0.5};
  const auto at = least_squares(reference::normalized_weights<double>(s, start, 1));
  const Values first = reference::gdnp_direction_step<double>(StoppingRule::printed, s, u, largest, start, 1, at);
  std::vector<double> lengths;
  const auto state =
      reference::gdnp(StoppingRule::printed, s, u, largest, {.w = start, .gamma = 1}, {1, 3}, least_squares, wide,
                      [&](const reference::GdnpState& now, int) { lengths.push_back(now.gamma); });
  EXPECT_EQ(state.w, first);
  ASSERT_EQ(lengths.size(), 2U);
  EXPECT_EQ(lengths.front(), 1);
}

TEST(Gdnp, stops_where_the_length_is_zero) {
  // The least length of φ(t) = t²/2 is 0, an end of the bracket.
  int seen = 0;
  const auto state = reference::gdnp(
      StoppingRule::needed, s, u, largest, {.w = {1, -0.5}, .gamma = 1}, {5, 3}, quadratic,
      [](const Values&) {
        return reference::Bracket<double>{0, 1};
      },
      [&](const reference::GdnpState&, int) { ++seen; });
  EXPECT_EQ(state.gamma, 0);
  EXPECT_EQ(seen, 2);
}

TEST(Gdnp, stops_moving_the_direction_where_h_is_zero) {
  // E φ′ = uᵀw̃ and E φ″ = 1: h = 0 for the needed rule.
  const auto state = reference::gdnp(
      StoppingRule::needed, s, u, largest, {.w = {1, -0.5}, .gamma = 1}, {3, 0},
      [](const Values& weights) {
        auto at = quadratic(weights);
        at.bend = at.slope = 0;
        return at;
      },
      wide, ignored);
  EXPECT_EQ(state.w, (Values{1, -0.5}));
}

TEST(Gdnp, alternates_over_the_units) {
  // Two uncoupled halves of least squares: each unit finds −v.
  constexpr int directions = 30, halvings = 40, rounds = 2;
  int visits = 0;
  const auto units = reference::alternating_gdnp(
      StoppingRule::needed, s, u, largest, {{.w = {1, -0.5}, .gamma = 1}, {.w = {1, 1}, .gamma = 1}},
      {directions, halvings}, rounds,
      [](std::size_t i, const std::vector<Values>& weights) { return least_squares(weights[i]); },
      [](std::size_t, const Values&) {
        return reference::Bracket<double>{-2, 2};
      },
      [&](const std::vector<reference::GdnpState>&, int, std::size_t) { ++visits; });
  EXPECT_EQ(visits, 2 * rounds);
  for (const auto& unit : units) {
    const auto weights = reference::normalized_weights<double>(s, unit.w, unit.gamma);
    EXPECT_NEAR(weights[0], 0.3, distance_left(rounds * directions, halvings));
    EXPECT_NEAR(weights[1], 0.2, distance_left(rounds * directions, halvings));
  }
}

}  // namespace
