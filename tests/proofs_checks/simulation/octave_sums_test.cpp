// Are octave sums the sums over octaves of each replica's steps, in groups, whichever portion they are asked for in?
#include "proofs_checks/simulation/octave_sums.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstddef>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/simulation/tracking.hpp"
#include "proofs_checks/simulation/two_layer.hpp"

namespace normproof::simulation {
namespace {

constexpr int last_octave = 6;
using Problem = TrackingProblem<Kinked>;
constexpr Summand weighted_gradient = {Problem::squared_gradient, true}, error = {Problem::squared_error_1, false};
const PowerSchedule powers = {0.2, 0.65, 0.125};
const Schedule schedule = octave_schedule(powers, last_octave);
const std::uint64_t purpose = inputs::fnv1a("octave_sums_test");

Portion portion(std::uint64_t first, std::size_t count) {
  Portion portion;
  portion.seed = 7;
  portion.first_replica = first;
  portion.replicas = count;
  return portion;
}

// The same sums, a step at a time.
template <class P>
std::vector<double> sums_of_replica(const P& problem, Summand summand, std::uint64_t replica) {
  inputs::ReplicaNoise noise({7, purpose}, replica);
  typename P::State at = problem.start;
  std::vector<double> sums(last_octave + 1, 0.0);
  std::size_t octave = 0;
  for (std::size_t k = 0; k < end_of_octave(last_octave); ++k) {
    std::array<double, P::noises> z = {};
    for (double& value : z) value = noise.next();
    const typename P::State before = at;
    at = problem.step(before, z, schedule[k]);
    if (k == end_of_octave(static_cast<int>(octave))) ++octave;
    const double q = problem.observe(before, at)[summand.observable];
    if (k > 0) sums[octave] += summand.times_learning_rate ? schedule[k].learning_rate * q : q;
  }
  return sums;
}

template <class P, Summand one, Summand other>
void expect_sums_of_the_replicas(const P& problem) {
  const auto sums = simulate_octaves<one, other>(problem, schedule, purpose, portion(64, 128), last_octave);
  for (std::size_t s = 0; s < 2; ++s) {
    ASSERT_EQ(sums[s].first_octave, 0);
    ASSERT_EQ(sums[s].octaves, static_cast<std::size_t>(last_octave) + 1);
    ASSERT_EQ(sums[s].groups, 16u);
    ASSERT_EQ(sums[s].sums.size(), sums[s].octaves * sums[s].groups);
    for (std::size_t group = 0; group < sums[s].groups; ++group) {
      std::vector<double> expected(sums[s].octaves, 0.0);
      for (std::uint64_t r = 0; r < Portion::replicas_per_group; ++r) {
        const auto of = sums_of_replica(problem, s == 0 ? one : other, 64 + group * Portion::replicas_per_group + r);
        for (std::size_t octave = 0; octave < of.size(); ++octave) expected[octave] += of[octave];
      }
      for (std::size_t octave = 0; octave < expected.size(); ++octave) {
        EXPECT_EQ(sums[s].at(octave, group), expected[octave] / Portion::replicas_per_group) << octave << ' ' << group;
      }
    }
  }
}

TEST(OctaveSums, are_sums_over_the_steps_of_each_octave_to_the_bit) {
  Problem problem;
  problem.start.w = {0.5};
  expect_sums_of_the_replicas<Problem, weighted_gradient, error>(problem);
}

TEST(OctaveSums, of_any_problem_need_nothing_but_its_observables) {
  TwoLayerProblem<2> problem;
  problem.first = {1, 0.5, 0.3, 0.1};
  problem.second = {0.8, 0.7, 0.2, -0.1};
  problem.start = {1, -1, 0, 0};
  expect_sums_of_the_replicas<TwoLayerProblem<2>, Summand{TwoLayerProblem<2>::squared_gradient, true},
                              Summand{TwoLayerProblem<2>::squared_error_2, false}>(problem);
}

TEST(OctaveSums, are_the_same_in_one_portion_and_in_two) {
  const auto whole = simulate_octaves<error>(Problem{}, schedule, purpose, portion(0, 192), last_octave)[0];
  const auto early = simulate_octaves<error>(Problem{}, schedule, purpose, portion(0, 64), last_octave)[0];
  const auto late = simulate_octaves<error>(Problem{}, schedule, purpose, portion(64, 128), last_octave)[0];
  for (std::size_t octave = 0; octave < whole.octaves; ++octave) {
    for (std::size_t group = 0; group < whole.groups; ++group) {
      EXPECT_EQ(whole.at(octave, group), group < 8 ? early.at(octave, group) : late.at(octave, group - 8));
    }
  }
  EXPECT_NE(whole.at(3, 0), whole.at(3, 8));
}

TEST(OctaveSums, do_not_depend_on_which_other_sums_are_taken) {
  const auto alone = simulate_octaves<error>(Problem{}, schedule, purpose, portion(0, 64), last_octave)[0];
  const auto both =
      simulate_octaves<weighted_gradient, error>(Problem{}, schedule, purpose, portion(0, 64), last_octave);
  EXPECT_EQ(alone.sums, both[1].sums);
}

TEST(OctaveSums, stop_when_interrupted) {
  const std::atomic<bool> interrupted = true;
  Portion stopped = portion(0, 64);
  stopped.interrupted = &interrupted;
  EXPECT_THROW(simulate_octaves<error>(Problem{}, schedule, purpose, stopped, last_octave), Interrupted);
  EXPECT_THROW(recursion_octaves(last_octave, stopped, 0, [](std::size_t) { return 1.0; }), Interrupted);
}

TEST(RecursionOctaves, sum_what_each_step_gives_and_leave_step_0_out) {
  std::vector<std::size_t> steps;
  const OctaveSums sums = recursion_octaves(2, Portion{}, 0, [&](std::size_t k) {
    steps.push_back(k);
    return static_cast<double>(k + 1);
  });
  EXPECT_EQ(steps, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(sums.sums, (std::vector<double>{2, 3 + 4, 5 + 6 + 7 + 8}));
  EXPECT_EQ(sums.octaves, 3u);
  EXPECT_EQ(sums.groups, 1u);
}

// α = 1 throughout keeps ê at the mean: plain gradient descent on φ, u ← u − γ_k φ′(u).
TEST(UnsampledOctaves, are_those_of_the_run_without_noise) {
  TrackingProblem<PowerTail> problem;
  problem.slope = {0.5};
  problem.sample = {0, 0};
  const auto sums = unsampled_octaves<Summand{problem.squared_gradient, true}>(problem, schedule, Portion{}, 3, 0);
  double u = 0, sum = 0;
  for (std::size_t k = 0; k < 16; ++k) {
    const double slope = -0.5 * std::pow(1 + u, -1.5);
    if (k >= 8) sum += schedule[k].learning_rate * (slope * slope);
    u -= schedule[k].learning_rate * slope;
  }
  EXPECT_EQ(sums.at(3, 0), sum);
}

}  // namespace
}  // namespace normproof::simulation
