// Is a tracking problem's step Algorithm 2 of impl/reference, and are its true means and gradient right?
#include "proofs_checks/simulation/tracking.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/mcsgd.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/simulation/replicas.hpp"

namespace normproof::simulation {
namespace {

using Values = std::span<const double>;
using List = std::vector<double>;

template <class Problem>
Problem random_problem(inputs::RandomStream& random) {
  Problem problem;
  problem.sample = {random.uniform(-1, 1), random.uniform(0.5, 2)};
  for (auto* numbers : {&problem.start.w, &problem.start.estimate}) {
    for (double& number : *numbers) number = random.uniform(-1, 1);
  }
  return problem;
}

// The layers as the reference takes them: functions and their derivatives.
template <class Slope, std::size_t n, Noise noise>
reference::CompositionalProblem<double> for_the_reference(const TrackingProblem<Slope, n, noise>& problem) {
  const auto itself = [](Values x) { return List(x.begin(), x.end()); };
  const auto constant = [](double c) { return [c](Values, Values, Values) { return List{c}; }; };
  const auto one = [](Values) { return List{1}; };
  const Slope slope = problem.slope;
  const double bias = problem.bias;
  const auto by_sum = [slope, bias](Values w, Values, Values y) { return List{slope(w[0] + y[0]) + bias}; };
  reference::CompositionalProblem<double> result;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_loss = i == 0, sees_samples = i + 1 == n && !is_loss;
    reference::CompositionalLayer<double> layer;
    layer.statistic = itself;
    reference::LayerDerivatives<double> derivatives = {constant(1), constant(sees_samples), constant(!sees_samples),
                                                       one};
    if (is_loss) {
      layer.apply = [slope](Values w, Values, Values y) { return List{slope.value(w[0] + y[0])}; };
      derivatives.by_parameters = derivatives.by_expectation = by_sum;
    } else {
      layer.apply = [sees_samples](Values w, Values x, Values y) { return List{w[0] + (sees_samples ? x[0] : y[0])}; };
    }
    result.layers.push_back(layer);
    result.derivatives.push_back(derivatives);
    result.parameters.push_back({problem.start.w[i]});
  }
  return result;
}

// Runs one replica by the reference's Algorithm 2 and by the simulator, and compares what is seen, bit by bit.
template <class Problem>
void expect_the_reference_s_bits(Problem problem) {
  constexpr std::size_t steps = 200, n = Problem::layers;
  const Schedule schedule = tabulated({0.4, 0.8, 0.2}, steps);
  Plan plan;
  plan.key = {9, inputs::fnv1a("tracking_test")};
  plan.first_replica = 41;
  plan.replicas = 1;
  for (std::size_t k = 0; k < steps; ++k) plan.checkpoints.push_back(k);
  const Observations seen = simulate(problem, schedule, plan);

  auto reference = for_the_reference(problem);
  std::vector<List> estimates;
  for (const double estimate : problem.start.estimate) estimates.push_back({estimate});
  const auto state = [&] {
    typename Problem::State now;
    for (std::size_t i = 0; i < n; ++i) {
      now.w[i] = reference.parameters[i][0];
      now.estimate[i] = estimates[i][0];
    }
    return now;
  };
  inputs::ReplicaNoise noise(plan.key, plan.first_replica);
  const auto all = reference::same_for_all(n, {0});
  for (std::size_t k = 0; k < steps; ++k) {
    reference.data = {{problem.sample(noise.next())}};
    const auto before = state();
    reference::mcsgd_step<double>(reference, estimates, all, {{0}, all}, schedule[k].alpha, schedule[k].learning_rate);
    const auto values = problem.observe(before, state());
    for (std::size_t o = 0; o < values.size(); ++o) ASSERT_EQ(seen.of(k, o)[0], values[o]) << k << ' ' << o;
  }
  for (std::size_t i = 0; i < n; ++i) EXPECT_NE(reference.parameters[i][0], problem.start.w[i]);
}

template <class Problem>
void expect_the_reference_s_bits() {
  inputs::RandomStream random(3, "tracking_test");
  expect_the_reference_s_bits(random_problem<Problem>(random));
}

TEST(TrackingStep, is_algorithm_2_to_the_bit_at_a_kink) { expect_the_reference_s_bits<TrackingProblem<Kinked>>(); }
TEST(TrackingStep, is_algorithm_2_to_the_bit_on_a_smooth_function) {
  expect_the_reference_s_bits<TrackingProblem<Smooth>>();
}
TEST(TrackingStep, is_algorithm_2_to_the_bit_on_a_parabola) {
  expect_the_reference_s_bits<TrackingProblem<Quadratic>>();
}
TEST(TrackingStep, is_algorithm_2_to_the_bit_on_a_power_tail) {
  expect_the_reference_s_bits<TrackingProblem<PowerTail>>();
}
TEST(TrackingStep, is_algorithm_2_to_the_bit_at_a_constant_speed) {
  expect_the_reference_s_bits<TrackingProblem<Steady, 2>>();
}
TEST(TrackingStep, is_algorithm_2_to_the_bit_with_gaussian_noise) {
  expect_the_reference_s_bits<TrackingProblem<Kinked, 1, Noise::gaussian>>();
}
TEST(TrackingStep, is_algorithm_2_to_the_bit_with_two_layers) {
  expect_the_reference_s_bits<TrackingProblem<Kinked, 2>>();
}
TEST(TrackingStep, is_algorithm_2_to_the_bit_with_three_layers) {
  expect_the_reference_s_bits<TrackingProblem<Smooth, 3>>();
}
TEST(TrackingStep, is_algorithm_2_to_the_bit_with_four_layers) {
  expect_the_reference_s_bits<TrackingProblem<Smooth, 4>>();
}
TEST(TrackingStep, is_algorithm_2_to_the_bit_with_a_biased_oracle) {
  inputs::RandomStream random(4, "tracking_test");
  auto problem = random_problem<TrackingProblem<Kinked, 2>>(random);
  problem.bias = 0.25;
  expect_the_reference_s_bits(problem);
}

template <class Slope>
void expect_slope_of_value(const Slope& slope, const List& kinks) {
  // A step at which error h² and rounding u/h are alike, and a tolerance far above both: empirical.
  const double h = 1e-5, tolerance = 1e-8;
  inputs::RandomStream random(5, "tracking_slopes");
  int compared = 0;
  for (int trial = 0; trial < 100; ++trial) {
    const double u = random.uniform(-3, 3);
    bool near_kink = false;
    for (const double kink : kinks) near_kink = near_kink || std::fabs(u - kink) <= h;
    if (near_kink) continue;
    EXPECT_NEAR((slope.value(u + h) - slope.value(u - h)) / (2 * h), slope(u), tolerance) << u;
    ++compared;
  }
  EXPECT_GT(compared, 90);
}

TEST(Slopes, are_derivatives) {
  expect_slope_of_value(Kinked{1}, {0});
  expect_slope_of_value(Kinked{0.5}, {0});
  expect_slope_of_value(Smooth{}, {});
  expect_slope_of_value(Quadratic{}, {});
  expect_slope_of_value(PowerTail{0.5}, {0});
  expect_slope_of_value(Steady{2}, {});
}

TEST(Slopes, vanish_where_they_are_said_to) {
  EXPECT_EQ(Kinked{}(0), 0);
  EXPECT_EQ(Quadratic{}(0), 0);
  EXPECT_NEAR(Smooth{}(-1 / std::sqrt(3.0)), 0, 1e-16);  // half an ulp of the sum's terms, ½
}

TEST(Kinked, has_a_slope_of_its_own_on_either_side) {
  const Kinked kinked = {3};
  EXPECT_EQ(kinked(-2), -2);
  EXPECT_EQ(kinked(2), 8);
}

// φ″(u*) = (3/4)^(3/2) and φ‴(u*) = 27/32, by differences of φ′.
TEST(Smooth, has_the_second_and_third_derivative_at_its_minimum_that_are_stated) {
  const Smooth smooth;
  const double u = -1 / std::sqrt(3.0), h = 1e-3;
  // Errors of order h², with fourth and fifth derivatives of size 10 at most: empirical.
  EXPECT_NEAR((smooth(u + h) - smooth(u - h)) / (2 * h), std::pow(0.75, 1.5), 1e-5);
  EXPECT_NEAR((smooth(u + h) - 2 * smooth(u) + smooth(u - h)) / (h * h), 27.0 / 32, 1e-5);
}

TEST(TrackingErrors, are_distances_to_the_true_means) {
  TrackingProblem<Quadratic, 3> problem;
  problem.sample = {0.5, 1};
  problem.start.w = {10, 2, 4};
  auto after = problem.start;
  // E e = w₂ + w₃ + m, w₃ + m, m.
  after.estimate = {6.5 + 1, 4.5 - 2, 0.5 + 3};
  const auto seen = problem.observe(problem.start, after);
  EXPECT_EQ(seen[problem.squared_error_1], 1);
  EXPECT_EQ(seen[1], 4);
  EXPECT_EQ(seen[2], 9);
  // u = 16.5, in three weights.
  EXPECT_EQ(seen[problem.squared_gradient], 3 * 16.5 * 16.5);
}

TEST(TrackingNoise, is_the_mean_plus_or_minus_the_deviation) {
  const Sampler<Noise::sign> sample = {0.5, 2};
  EXPECT_EQ(sample(1e-3), 2.5);
  EXPECT_EQ(sample(-7), -1.5);
}

}  // namespace
}  // namespace normproof::simulation
