// Is the recursion of the steady drift what the runs of the tracking problem do on average?
#include "proofs_checks/simulation/steady_drift.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/simulation/replicas.hpp"
#include "proofs_checks/simulation/tracking.hpp"

namespace normproof::simulation {
namespace {

constexpr std::size_t last_checkpoint = 256;
const Schedule schedule = tabulated({0.4, 0.8, 0.2}, last_checkpoint + 1);

template <std::size_t n>
TrackingProblem<Steady, n> sampled(double speed, double standard_deviation) {
  TrackingProblem<Steady, n> problem;
  problem.slope = {speed};
  problem.sample = {0, standard_deviation};
  return problem;
}

template <std::size_t n>
SteadyDrift<n> recursion(double speed, double standard_deviation) {
  SteadyDrift<n> drift;
  drift.speed = speed;
  drift.standard_deviation = standard_deviation;
  return drift;
}

Plan plan(std::size_t replicas) {
  Plan plan;
  plan.key = {7, inputs::fnv1a("steady_drift_test")};
  plan.replicas = replicas;
  plan.checkpoints = powers_of_two(last_checkpoint);
  return plan;
}

TEST(SteadyDrift, without_noise_is_the_one_run_that_there_is) {
  const auto problem = sampled<4>(0.7, 0);
  const Observations seen = simulate(problem, schedule, plan(1));
  auto drift = recursion<4>(0.7, 0);
  std::size_t checkpoint = 0;
  for (std::size_t k = 0; k <= last_checkpoint; ++k) {
    drift.step(schedule[k]);
    if (k != plan(1).checkpoints[checkpoint]) continue;
    for (std::size_t i = 0; i < 4; ++i) {
      // Empirical: weights of size 1, of which the run takes differences as small as 0.01.
      EXPECT_NEAR(seen.of(checkpoint, i)[0], drift.squared_error(i), 1e-13) << k << ' ' << i;
    }
    EXPECT_EQ(drift.squared_error(3), 0);
    EXPECT_GT(drift.squared_error(2), 1e-6);
    ++checkpoint;
  }
  EXPECT_EQ(checkpoint, plan(1).checkpoints.size());
}

TEST(SteadyDrift, has_the_mean_squared_error_of_many_replicas) {
  constexpr std::size_t n = 4;
  const auto problem = sampled<n>(0.7, 0.5);
  const Plan many = plan(20000);
  const Observations seen = simulate(problem, schedule, many);
  auto drift = recursion<n>(0.7, 0.5), faster = recursion<n>(0.8, 0.5);
  std::size_t checkpoint = 0;
  for (std::size_t k = 0; k <= last_checkpoint; ++k) {
    drift.step(schedule[k]);
    faster.step(schedule[k]);
    if (k != many.checkpoints[checkpoint]) continue;
    const std::size_t c = checkpoint++;
    if (k < 2 * n) continue;  // no noise has reached layer 1 at first: its error is one number
    for (std::size_t i = 0; i < n; ++i) {
      const Moments of = moments(seen.of(c, i));
      const double standard_error = std::sqrt(of.unbiased_variance / static_cast<double>(of.count));
      EXPECT_NEAR(of.mean, drift.squared_error(i), 5 * standard_error) << k << ' ' << i;
      // Layer 1 has the longest way to go: a speed of 0.8 in the place of 0.7 is seen.
      if (i == 0) {
        EXPECT_GT(std::fabs(of.mean - faster.squared_error(i)), 5 * standard_error) << k;
      }
    }
  }
  EXPECT_EQ(checkpoint, many.checkpoints.size());
}

TEST(SteadyDrift, of_two_layers_is_the_recursion_of_one_number) {
  auto drift = recursion<2>(0.7, 0.5);
  double mean = 0, variance = 0, before = 0;
  for (const Rates& rates : schedule) {
    drift.step(rates);
    mean = (1 - rates.alpha) * (mean - before * 0.7);
    variance = (1 - rates.alpha) * (1 - rates.alpha) * variance + rates.alpha * rates.alpha * 0.25;
    before = rates.learning_rate;
    // Both have at most the relative error that the header bounds.
    const double expected = mean * mean + variance, error = 2 * steady_drift_error(schedule.size());
    EXPECT_NEAR(drift.squared_error(0), expected, error * expected);
  }
}

TEST(SteadyDrift, gives_octave_sums_with_a_bound_of_their_rounding) {
  const int last_octave = 6;
  const OctaveSums sums = steady_drift_octaves(recursion<2>(0.7, 0), 1, schedule, Portion{}, last_octave);
  ASSERT_EQ(sums.octaves, 7u);
  ASSERT_EQ(sums.groups, 1u);
  auto drift = recursion<2>(0.7, 0);
  double sum = 0;
  for (std::size_t k = 0; k < 128; ++k) {
    drift.step(schedule[k]);
    if (k >= 64) sum += drift.squared_error(0);
  }
  EXPECT_EQ(sums.at(6, 0), sum);
  EXPECT_GT(sums.relative_error, 0);
  EXPECT_LT(sums.relative_error, 1e-12);  // some thousand roundings
}

}  // namespace
}  // namespace normproof::simulation
