// Is the two-layer problem's step Algorithm 2 of impl/reference, and are its true mean and gradient right?
#include "proofs_checks/simulation/two_layer.hpp"

#include <gtest/gtest.h>

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

template <std::size_t samples>
TwoLayerProblem<samples> random_problem(inputs::RandomStream& random) {
  TwoLayerProblem<samples> problem;
  for (AffineLayer* layer : {&problem.first, &problem.second}) {
    for (double* number : {&layer->a, &layer->b, &layer->c, &layer->d}) *number = random.uniform(-1, 1);
  }
  problem.mean = random.uniform(-1, 1);
  problem.standard_deviation = random.uniform(0.5, 2);
  problem.start = {random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)};
  return problem;
}

// F₁ = ½ r² and F₂ as the reference takes them: functions and their derivatives.
template <std::size_t samples>
reference::CompositionalProblem<double> for_the_reference(const TwoLayerProblem<samples>& problem) {
  const AffineLayer f = problem.first, g = problem.second;
  const auto itself = [](Values x) { return List(x.begin(), x.end()); };
  const auto one = [](Values) { return List{1}; };
  const auto r = [f](Values w, Values x, Values y) { return f(w[0], x[0], y[0]); };
  reference::CompositionalProblem<double> result;
  result.layers = {{[r](Values w, Values x, Values y) { return List{r(w, x, y) * r(w, x, y) / 2}; }, itself},
                   {[g](Values w, Values x, Values y) { return List{g(w[0], x[0], y[0])}; }, itself}};
  result.derivatives = {
      {[f, r](Values w, Values x, Values y) { return List{r(w, x, y) * f.a}; },
       [f, r](Values w, Values x, Values y) { return List{r(w, x, y) * f.b}; },
       [f, r](Values w, Values x, Values y) { return List{r(w, x, y) * f.c}; }, one},
      {[g](Values, Values, Values) { return List{g.a}; }, [g](Values, Values, Values) { return List{g.b}; },
       [g](Values, Values, Values) { return List{g.c}; }, one}};
  result.parameters = {{problem.start.w1}, {problem.start.w2}};
  return result;
}

// Runs one replica by the reference's Algorithm 2 and by the simulator, and compares what is seen, bit by bit. `where`
// says which of a step's samples the estimate of layer 1, that of layer 2, and the oracle take.
struct Where {
  int estimate1, estimate2, oracle;
};

template <std::size_t samples>
void expect_the_reference_s_bits(Where where) {
  constexpr std::size_t steps = 200;
  inputs::RandomStream random(3, "two_layer_test");
  const auto problem = random_problem<samples>(random);
  const Schedule schedule = tabulated({0.4, 0.8, 0.2}, steps);
  Plan plan;
  plan.key = {9, inputs::fnv1a("two_layer_test")};
  plan.first_replica = 41;
  plan.replicas = 1;
  for (std::size_t k = 0; k < steps; ++k) plan.checkpoints.push_back(k);
  const Observations seen = simulate(problem, schedule, plan);

  auto reference = for_the_reference(problem);
  std::vector<List> estimates = {{problem.start.estimate1}, {problem.start.estimate2}};
  inputs::ReplicaNoise noise(plan.key, plan.first_replica);
  const auto state = [&] {
    return typename TwoLayerProblem<samples>::State{reference.parameters[0][0], reference.parameters[1][0],
                                                    estimates[0][0], estimates[1][0]};
  };
  for (std::size_t k = 0; k < steps; ++k) {
    reference.data.clear();
    for (std::size_t j = 0; j < samples; ++j) {
      reference.data.push_back({problem.mean + problem.standard_deviation * noise.next()});
    }
    const auto before = state();
    // For D_j(ξ′) = 1 any sample serves as ξ′.
    reference::mcsgd_step<double>(reference, estimates, {{where.estimate1}, {where.estimate2}},
                                  {{where.oracle}, {{0}, {0}}}, schedule[k].alpha, schedule[k].learning_rate);
    const auto values = problem.observe(before, state());
    for (std::size_t o = 0; o < values.size(); ++o) ASSERT_EQ(seen.of(k, o)[0], values[o]) << k << ' ' << o;
  }
  EXPECT_NE(reference.parameters[1][0], problem.start.w2);
}

TEST(TwoLayerStep, is_algorithm_2_to_the_bit_with_one_sample) { expect_the_reference_s_bits<1>({0, 0, 0}); }
TEST(TwoLayerStep, is_algorithm_2_to_the_bit_with_the_oracle_s_own_sample) {
  expect_the_reference_s_bits<2>({0, 0, 1});
}
TEST(TwoLayerStep, is_algorithm_2_to_the_bit_with_a_sample_for_each_estimate_and_the_oracle) {
  expect_the_reference_s_bits<3>({1, 0, 2});
}

// f(w) = ½ (b₁b₂s)² + ½ r̄² is quadratic: its central differences are exact but for rounding.
TEST(TwoLayerGradient, is_the_derivative_of_the_objective) {
  inputs::RandomStream random(4, "two_layer_gradient");
  const auto problem = random_problem<1>(random);
  const AffineLayer f = problem.first, g = problem.second;
  // E ½ r² over ξ = m ± s, which has the mean and the variance of the noise.
  const auto objective = [&](double w1, double w2) {
    const double x_mean = (g(w2, problem.mean - problem.standard_deviation, problem.mean) +
                           g(w2, problem.mean + problem.standard_deviation, problem.mean)) /
                          2;
    double sum = 0;
    for (const double sign : {-1.0, 1.0}) {
      const double r = f(w1, g(w2, problem.mean + sign * problem.standard_deviation, problem.mean), x_mean);
      sum += r * r / 2;
    }
    return sum / 2;
  };
  const auto at = problem.start;
  const double h = 0.25;
  const double by_w1 = (objective(at.w1 + h, at.w2) - objective(at.w1 - h, at.w2)) / (2 * h);
  const double by_w2 = (objective(at.w1, at.w2 + h) - objective(at.w1, at.w2 - h)) / (2 * h);
  const double expected = by_w1 * by_w1 + by_w2 * by_w2;
  // Empirical: a few roundings of numbers of size 1.
  EXPECT_NEAR(problem.observe(at, at)[problem.squared_gradient], expected, 1e-13);
  EXPECT_GT(expected, 1e-3);
}

TEST(TwoLayerErrors, are_distances_to_the_true_means) {
  inputs::RandomStream random(5, "two_layer_errors");
  const auto problem = random_problem<1>(random);
  auto after = problem.start;
  after.estimate2 = problem.mean + 3;
  after.estimate1 = problem.second(problem.start.w2, problem.mean, problem.mean) - 2;
  const auto seen = problem.observe(problem.start, after);
  EXPECT_NEAR(seen[problem.squared_error_2], 9, 1e-14);
  EXPECT_NEAR(seen[problem.squared_error_1], 4, 1e-14);
}

}  // namespace
}  // namespace normproof::simulation
