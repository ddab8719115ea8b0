// Do both bounds hold on the average of all runs of the kinked problem, and does each inequality behind them?
#include "theory/compositional/tracking_bounds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

struct Rates {
  double alpha = 0, learning_rate = 0, weight = 0;
};

double slope(double u, double c) { return u > 0 ? (1 + c) * u : u; }

// Sums over all runs: Σ_k of γ φ′(u)², of γ d², of γ v |d|; the last d², d⁴, u and φ(u); the largest |u|.
struct AllRuns {
  double runs = 0, squared_gradient = 0, squared_error = 0, error = 0, second = 0, fourth = 0, u = 0, loss = 0;
  double largest = 0;
};

struct Partial {
  double u = 0, d = 0, squared_gradient = 0, squared_error = 0, error = 0;
};

void run_all(const std::vector<Rates>& rates, double c, const Partial& at, AllRuns& all, std::size_t k = 0) {
  all.largest = std::fmax(all.largest, std::fabs(at.u));
  if (k == rates.size()) {
    all.runs += 1;
    all.squared_gradient += at.squared_gradient;
    all.squared_error += at.squared_error;
    all.error += at.error;
    all.second += at.d * at.d;
    all.fourth += at.d * at.d * at.d * at.d;
    all.u += at.u;
    all.loss += theory::kinked_loss(at.u, c);
    return;
  }
  const Rates& now = rates[k];
  for (const double sign : {-1.0, 1.0}) {
    Partial next = at;
    next.d = (1 - now.alpha) * at.d + now.alpha * sign;
    next.squared_gradient += now.learning_rate * slope(at.u, c) * slope(at.u, c);
    next.squared_error += now.learning_rate * next.d * next.d;
    next.error += now.learning_rate * now.weight * std::fabs(next.d);
    next.u = at.u - now.learning_rate * slope(at.u + next.d, c);
    run_all(rates, c, next, all, k + 1);
  }
}

AllRuns average_of_all_runs(const std::vector<Rates>& rates, double c, double u_0) {
  AllRuns all;
  Partial start;
  start.u = u_0;
  run_all(rates, c, start, all);
  for (double* sum :
       {&all.squared_gradient, &all.squared_error, &all.error, &all.second, &all.fourth, &all.u, &all.loss}) {
    *sum /= all.runs;
  }
  return all;
}

theory::TrackingBounds<double> bounds_after(const std::vector<Rates>& rates, double c, double u_0) {
  auto bounds = theory::tracking_start(c, u_0, rates[0].weight);
  for (const Rates& now : rates) bounds = theory::advance(bounds, now.alpha, now.learning_rate, now.weight);
  return bounds;
}

constexpr int steps = 12;

std::vector<Rates> power_rates(double a, double gamma, double c) {
  std::vector<Rates> rates;
  for (int k = 0; k < steps; ++k) {
    const double alpha = std::pow(k + 1, -a);
    rates.push_back({alpha, std::pow(k + 1, -gamma) / (1 + c), std::sqrt(alpha)});
  }
  return rates;
}

TEST(TrackingBounds, hold_on_the_average_of_all_runs) {
  int lower_bounds_that_say_something = 0;
  for (const double c : {1.0, 3.0, 7.0, 15.0}) {
    for (const double u_0 : {0.0, 0.5, -2.0, 3.0}) {
      for (const auto& rates : {power_rates(0.0, 0.0, c), power_rates(0.1, 0.3, c), power_rates(0.4, 0.8, c)}) {
        const AllRuns all = average_of_all_runs(rates, c, u_0);
        const auto bounds = bounds_after(rates, c, u_0);
        const auto lower = theory::tracking_lower_bound(bounds);
        EXPECT_LE(lower.tracked - lower.forgone, std::sqrt(lower.slope_weight * all.squared_gradient));
        EXPECT_LE(all.squared_gradient, theory::tracking_upper_bound(bounds));
        EXPECT_LE(all.loss, bounds.loss);
        EXPECT_LE(std::fabs(all.u), theory::mean_bound(bounds));
        EXPECT_LE(all.largest, std::fmax(1, std::fabs(u_0)));
        if (lower.tracked > lower.forgone) ++lower_bounds_that_say_something;
      }
    }
  }
  EXPECT_GE(lower_bounds_that_say_something, 12);
}

// α = 1/2 and γ = 1/4: each d, d² and d⁴ of eight steps is exact, and so is every sum.
TEST(TrackingBounds, sum_the_exact_mean_squares_and_bound_the_mean_error_from_below) {
  const std::vector<Rates> rates(8, Rates{0.5, 0.25, 1});
  const AllRuns all = average_of_all_runs(rates, 1, 0);
  const auto bounds = bounds_after(rates, 1, 0);
  EXPECT_EQ(bounds.second, all.second);
  EXPECT_EQ(bounds.fourth, all.fourth);
  EXPECT_EQ(bounds.squared_error, all.squared_error);
  EXPECT_EQ(bounds.squared_weight, 0.25 * 8);
  EXPECT_LT(bounds.tracked, all.error);
  EXPECT_GT(bounds.tracked, 0.8 * all.error);  // empirical: how much Hölder gives away here
}

TEST(TrackingBounds, lose_nothing_to_hoelder_where_the_error_is_always_one) {
  const std::vector<Rates> rates(steps, Rates{1, 0.25, 1});
  EXPECT_EQ(bounds_after(rates, 1, 0).tracked, average_of_all_runs(rates, 1, 0).error);
}

TEST(TrackingBounds, take_the_root_of_alpha_for_a_weight) {
  const auto start = theory::tracking_start(1.0, 0.5, 1.0);
  const auto given = theory::advance(start, 0.25, 0.125, 0.5);
  const auto by_default = theory::advance(start, 0.25, 0.125);
  EXPECT_EQ(by_default.tracked, given.tracked);
  EXPECT_EQ(by_default.forgone, given.forgone);
  EXPECT_EQ(by_default.squared_weight, given.squared_weight);
}

TEST(TrackingBounds, bound_the_mean_by_the_loss_or_the_box_whichever_is_less) {
  EXPECT_EQ(theory::mean_bound(theory::tracking_start(1.0, 0.0, 1.0)), 0);
  EXPECT_EQ(theory::mean_bound(theory::tracking_start(1.0, -0.5, 1.0)), 0.5);
  EXPECT_EQ(theory::mean_bound(theory::tracking_start(3.0, 2.0, 1.0)), 2);  // φ(2) = 8
}

// Σ v_k (u_k − u_{k+1}) for a u that stays at b: v_0 u_0 + Σ (v_{k−1} − v_k) b + v_K b.
TEST(TrackingBounds, forgo_what_the_falling_weights_leave_of_the_mean) {
  auto at = theory::tracking_start(0.0, 2.0, 1.0);
  EXPECT_EQ(theory::mean_bound(at), 2);
  at = theory::advance(at, 1.0, 0.0, 1.0);
  at = theory::advance(at, 1.0, 0.0, 0.25);
  EXPECT_EQ(at.forgone, 2 + 0.75 * 2);
  EXPECT_EQ(theory::tracking_lower_bound(at).forgone, 2 + 2);
}

TEST(LowerBound, fails_without_the_slope_of_the_kink_or_what_is_forgone) {
  const double c = 7;
  const auto rates = power_rates(0.0, 0.0, c);
  const auto lower = theory::tracking_lower_bound(bounds_after(rates, c, 0));
  const double root = std::sqrt(average_of_all_runs(rates, c, 0).squared_gradient * lower.slope_weight);
  EXPECT_GT(lower.tracked - lower.forgone, root / (1 + c));
  // One step from u_0 = 0 has the gradient 0: all of tracked is forgone.
  const std::vector<Rates> one = {rates[0]};
  const auto first = theory::tracking_lower_bound(bounds_after(one, c, 0));
  EXPECT_EQ(average_of_all_runs(one, c, 0).squared_gradient, 0);
  EXPECT_GT(first.tracked, 0);
  EXPECT_LE(first.tracked, first.forgone);
}

TEST(UpperBound, fails_without_the_estimation_errors) {
  const auto rates = power_rates(0.1, 0.3, 1);
  EXPECT_GT(average_of_all_runs(rates, 1, 0).squared_gradient, 2 * theory::kinked_loss(0.0, 1.0));
}

Fraction tenths(int n) { return Fraction::of(n, 10); }

TEST(KinkInequality, holds_on_a_grid_and_is_an_equation_where_the_error_is_turned_against_a_smaller_distance) {
  for (int u = -20; u <= 20; ++u) {
    for (int d = -20; d <= 20; ++d) {
      const Fraction left = theory::kink_left(tenths(u), tenths(d), Fraction(3));
      const Fraction right = theory::kink_right(tenths(u), tenths(d), Fraction(3));
      EXPECT_FALSE(left.exceeds(right)) << u << " " << d;
      EXPECT_EQ(left.text() == right.text(), u * d <= 0 && std::abs(d) >= std::abs(u)) << u << " " << d;
    }
  }
}

TEST(Descent, holds_on_a_grid_up_to_the_largest_learning_rate) {
  for (int rate = 0; rate <= 4; ++rate) {
    for (int u = -20; u <= 20; ++u) {
      for (int d = -10; d <= 10; ++d) {
        const Fraction learning_rate = Fraction::of(rate, 16);  // up to 1/(1 + c)
        const Fraction left = theory::descent_left(tenths(u), tenths(d), Fraction(3), learning_rate);
        const Fraction right = theory::descent_right(tenths(u), tenths(d), Fraction(3), learning_rate);
        EXPECT_FALSE(left.exceeds(right)) << rate << " " << u << " " << d;
      }
    }
  }
}

TEST(Descent, fails_for_a_learning_rate_that_is_too_large) {
  const Fraction u(1), none(0), learning_rate(2);
  EXPECT_TRUE(
      theory::descent_left(u, none, none, learning_rate).exceeds(theory::descent_right(u, none, none, learning_rate)));
}

}  // namespace
}  // namespace normproof::theory_tests
