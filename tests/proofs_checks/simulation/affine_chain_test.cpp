// Is the affine chain's step Algorithm 2 of impl/reference, and are its true means and gradient right?
#include "proofs_checks/simulation/affine_chain.hpp"

#include <gtest/gtest.h>

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
Problem random_problem() {
  inputs::RandomStream random(3, "affine_chain_test");
  Problem problem;
  for (AffineLayer& layer : problem.layers) {
    for (double* number : {&layer.a, &layer.b, &layer.c, &layer.d}) *number = random.uniform(-1, 1);
  }
  problem.sample = {random.uniform(-1, 1), random.uniform(0.5, 2)};
  for (auto* numbers : {&problem.start.w, &problem.start.estimate}) {
    for (double& number : *numbers) number = random.uniform(-1, 1);
  }
  return problem;
}

// The layers as the reference takes them: functions and their derivatives.
template <class Problem>
reference::CompositionalProblem<double> for_the_reference(const Problem& problem) {
  const auto itself = [](Values x) { return List(x.begin(), x.end()); };
  const auto one = [](Values) { return List{1}; };
  reference::CompositionalProblem<double> result;
  for (std::size_t i = 0; i < problem.layers.size(); ++i) {
    const AffineLayer f = problem.layers[i];
    const auto value = [f](Values w, Values x, Values y) { return f(w[0], x[0], y[0]); };
    // Of ½ f² and of f: what d f has to be multiplied by.
    const auto outer = [value, is_loss = i == 0](Values w, Values x, Values y) { return is_loss ? value(w, x, y) : 1; };
    result.layers.push_back({[value, is_loss = i == 0](Values w, Values x, Values y) {
                               const double v = value(w, x, y);
                               return List{is_loss ? v * v / 2 : v};
                             },
                             itself});
    result.derivatives.push_back({[f, outer](Values w, Values x, Values y) { return List{outer(w, x, y) * f.a}; },
                                  [f, outer](Values w, Values x, Values y) { return List{outer(w, x, y) * f.b}; },
                                  [f, outer](Values w, Values x, Values y) { return List{outer(w, x, y) * f.c}; },
                                  one});
    result.parameters.push_back({problem.start.w[i]});
  }
  return result;
}

// Runs one replica by the reference's Algorithm 2 and by the simulator, and compares what is seen, bit by bit. `where`
// says which of a step's samples the estimates of layers 1 … n and the oracle take.
template <std::size_t n, Sharing sharing, Noise noise>
void expect_the_reference_s_bits(const std::vector<int>& where) {
  using Problem = AffineChainProblem<n, sharing, noise>;
  constexpr std::size_t steps = 200;
  const auto problem = random_problem<Problem>();
  const Schedule schedule = tabulated({0.4, 0.8, 0.2}, steps);
  Plan plan;
  plan.key = {9, inputs::fnv1a("affine_chain_test")};
  plan.first_replica = 41;
  plan.replicas = 1;
  for (std::size_t k = 0; k < steps; ++k) plan.checkpoints.push_back(k);
  const Observations seen = simulate(problem, schedule, plan);

  auto reference = for_the_reference(problem);
  std::vector<List> estimates;
  reference::LayerSamples estimate_samples;
  for (std::size_t i = 0; i < n; ++i) {
    estimates.push_back({problem.start.estimate[i]});
    estimate_samples.push_back({where[i]});
  }
  // For D_j(ξ′) = 1 any sample serves as ξ′.
  const reference::OracleSamples oracle_samples = {{where[n]}, reference::same_for_all(n, {0})};
  const auto state = [&] {
    typename Problem::State now;
    for (std::size_t i = 0; i < n; ++i) {
      now.w[i] = reference.parameters[i][0];
      now.estimate[i] = estimates[i][0];
    }
    return now;
  };
  inputs::ReplicaNoise noise_of_replica(plan.key, plan.first_replica);
  for (std::size_t k = 0; k < steps; ++k) {
    reference.data.clear();
    for (std::size_t j = 0; j < Problem::noises; ++j)
      reference.data.push_back({problem.sample(noise_of_replica.next())});
    const auto before = state();
    reference::mcsgd_step<double>(reference, estimates, estimate_samples, oracle_samples, schedule[k].alpha,
                                  schedule[k].learning_rate);
    const auto values = problem.observe(before, state());
    for (std::size_t o = 0; o < values.size(); ++o) ASSERT_EQ(seen.of(k, o)[0], values[o]) << k << ' ' << o;
  }
  for (std::size_t i = 0; i < n; ++i) EXPECT_NE(reference.parameters[i][0], problem.start.w[i]);
}

TEST(AffineChainStep, is_algorithm_2_to_the_bit_with_one_layer) {
  expect_the_reference_s_bits<1, Sharing::shared, Noise::gaussian>({0, 0});
  expect_the_reference_s_bits<1, Sharing::oracle_apart, Noise::sign>({0, 1});
  expect_the_reference_s_bits<1, Sharing::independent, Noise::sign>({0, 1});
}
TEST(AffineChainStep, is_algorithm_2_to_the_bit_with_two_layers) {
  expect_the_reference_s_bits<2, Sharing::shared, Noise::sign>({0, 0, 0});
  expect_the_reference_s_bits<2, Sharing::oracle_apart, Noise::gaussian>({0, 0, 1});
  expect_the_reference_s_bits<2, Sharing::independent, Noise::sign>({1, 0, 2});
}
TEST(AffineChainStep, is_algorithm_2_to_the_bit_with_three_layers) {
  expect_the_reference_s_bits<3, Sharing::shared, Noise::gaussian>({0, 0, 0, 0});
  expect_the_reference_s_bits<3, Sharing::oracle_apart, Noise::sign>({0, 0, 0, 1});
  expect_the_reference_s_bits<3, Sharing::independent, Noise::gaussian>({2, 1, 0, 3});
}

template <std::size_t samples, Sharing sharing>
void expect_the_two_layer_problem_s_bits() {
  const auto chain = random_problem<AffineChainProblem<2, sharing, Noise::gaussian>>();
  TwoLayerProblem<samples> two_layers;
  two_layers.first = chain.layers[0];
  two_layers.second = chain.layers[1];
  two_layers.mean = chain.sample.mean;
  two_layers.standard_deviation = chain.sample.standard_deviation;
  two_layers.start = {chain.start.w[0], chain.start.w[1], chain.start.estimate[0], chain.start.estimate[1]};
  const Schedule schedule = tabulated({0.4, 0.8, 0.2}, 101);
  Plan plan;
  plan.key = {7, inputs::fnv1a("affine_chain_test")};
  plan.replicas = inputs::replicas_per_block + 3;
  plan.checkpoints = {0, 1, 7, 31, 100};
  const Observations one = simulate(chain, schedule, plan), other = simulate(two_layers, schedule, plan);
  for (std::size_t c = 0; c < plan.checkpoints.size(); ++c) {
    for (std::size_t r = 0; r < plan.replicas; ++r) {
      EXPECT_EQ(one.of(c, chain.squared_error_1)[r], other.of(c, two_layers.squared_error_1)[r]);
      EXPECT_EQ(one.of(c, 1)[r], other.of(c, two_layers.squared_error_2)[r]);
      // ∂f's factors are multiplied in another order, 3 roundings on either side of each entry, which the square
      // doubles, one of the square and one of the sum.
      const double square = other.of(c, two_layers.squared_gradient)[r];
      EXPECT_NEAR(one.of(c, chain.squared_gradient)[r], square, 16 * 0x1p-53 * square);
    }
  }
}

TEST(AffineChain, of_two_layers_is_the_two_layer_problem_to_the_bit) {
  expect_the_two_layer_problem_s_bits<1, Sharing::shared>();
  expect_the_two_layer_problem_s_bits<2, Sharing::oracle_apart>();
  expect_the_two_layer_problem_s_bits<3, Sharing::independent>();
}

// f is quadratic: its central differences are exact but for rounding. ξ = m ± s stands for all noise of its mean and
// variance, since f contains ξ to the second power at most.
TEST(AffineChainGradient, is_the_derivative_of_the_objective) {
  const auto problem = random_problem<AffineChainProblem<3, Sharing::shared, Noise::sign>>();
  auto reference = for_the_reference(problem);
  reference.data = {{problem.sample(1)}, {problem.sample(-1)}};
  double expected = 0;
  for (std::vector<double>& w : reference.parameters) {
    const double h = 0.25, at = w[0];
    const auto objective_at = [&](double moved) {
      w[0] = moved;
      return reference::compositional_objective<double>(reference.layers, reference.parameters, reference.data);
    };
    const double slope = (objective_at(at + h) - objective_at(at - h)) / (2 * h);
    w[0] = at;
    expected += slope * slope;
  }
  // Empirical: a few roundings of numbers of size 1.
  EXPECT_NEAR(problem.observe(problem.start, problem.start)[problem.squared_gradient], expected, 1e-13);
  EXPECT_GT(expected, 1e-3);
}

TEST(AffineChainErrors, are_distances_to_the_true_means) {
  const auto problem = random_problem<AffineChainProblem<3, Sharing::shared, Noise::sign>>();
  const auto reference = for_the_reference(problem);
  const auto means = reference::exact_statistics<double>(reference.layers, reference.parameters,
                                                         {{problem.sample(1)}, {problem.sample(-1)}});
  auto after = problem.start;
  for (std::size_t i = 0; i < 3; ++i) after.estimate[i] = means[i][0] + static_cast<double>(i + 1);
  const auto seen = problem.observe(problem.start, after);
  // Empirical: a few roundings of numbers of size 1.
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(seen[i], static_cast<double>((i + 1) * (i + 1)), 1e-13);
}

}  // namespace
}  // namespace normproof::simulation
