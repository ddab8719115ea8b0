// Does a replica's run depend on its number alone: not on vectors, blocks, threads or the other replicas?
#include "proofs_checks/simulation/replicas.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/simulation/two_layer.hpp"

namespace normproof::simulation {
namespace {

using inputs::InstructionSet;

constexpr std::size_t last_checkpoint = 100;
const Schedule schedule = tabulated({0.4, 0.8, 0.2}, last_checkpoint + 1);

template <std::size_t samples>
TwoLayerProblem<samples> two_layers() {
  TwoLayerProblem<samples> problem;
  problem.first = {1, 0.5, 0.3, 0.1};
  problem.second = {0.8, 0.7, 0.2, -0.1};
  problem.mean = 0.5;
  problem.standard_deviation = 1.25;
  problem.start = {1, -1, 0.25, -0.5};
  return problem;
}

Plan plan(std::size_t replicas) {
  Plan plan;
  plan.key = {7, inputs::fnv1a("replicas_test")};
  plan.replicas = replicas;
  plan.checkpoints = {0, 1, 2, 4, 7, 8, 16, 31, 32, 33, 64, last_checkpoint};
  return plan;
}

bool same_bits(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size() || a.empty()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i])) return false;
  return true;
}

template <std::size_t samples>
void expect_the_plain_loop_s_bits() {
  const auto problem = two_layers<samples>();
  Plan vectorised = plan(3 * inputs::replicas_per_block + 5);
  const Observations plain = simulate_plainly(problem, schedule, vectorised);
  for (const InstructionSet set : inputs::instruction_sets()) {
    vectorised.instruction_set = set;
    EXPECT_TRUE(same_bits(simulate(problem, schedule, vectorised).all(), plain.all())) << static_cast<int>(set);
  }
}

TEST(VectorisedReplicas, are_the_plain_loop_s_to_the_bit_with_one_sample_a_step) { expect_the_plain_loop_s_bits<1>(); }
TEST(VectorisedReplicas, are_the_plain_loop_s_to_the_bit_with_two_samples_a_step) { expect_the_plain_loop_s_bits<2>(); }
TEST(VectorisedReplicas, are_the_plain_loop_s_to_the_bit_with_three_samples_a_step) {
  expect_the_plain_loop_s_bits<3>();
}

TEST(Replicas, are_the_same_bits_on_any_number_of_threads) {
  const auto problem = two_layers<1>();
  Plan on_threads = plan(5 * inputs::replicas_per_block + 1);
  const Observations alone = simulate(problem, schedule, on_threads);
  for (const unsigned threads : {2u, 3u, 64u}) {
    on_threads.threads = threads;
    EXPECT_TRUE(same_bits(simulate(problem, schedule, on_threads).all(), alone.all())) << threads;
  }
}

TEST(Replicas, are_the_same_bits_in_any_division_of_their_range) {
  const auto problem = two_layers<2>();
  const Plan whole = plan(100);
  const Observations together = simulate(problem, schedule, whole);
  Plan part = whole;
  for (const auto& [first, count] : std::vector<std::array<std::size_t, 2>>{{0, 37}, {37, 1}, {38, 62}}) {
    part.first_replica = first;
    part.replicas = count;
    const Observations apart = simulate(problem, schedule, part);
    for (std::size_t c = 0; c < whole.checkpoints.size(); ++c)
      for (std::size_t o = 0; o < problem.observables; ++o)
        EXPECT_TRUE(same_bits(apart.of(c, o), together.of(c, o).subspan(first, count))) << first << ' ' << c;
  }
}

TEST(Replicas, are_seen_alike_whichever_other_checkpoints_there_are) {
  const auto problem = two_layers<1>();
  Plan all = plan(10), last = all;
  last.checkpoints = {all.checkpoints.back()};
  const Observations with_all = simulate(problem, schedule, all), with_last = simulate(problem, schedule, last);
  for (std::size_t o = 0; o < problem.observables; ++o)
    EXPECT_TRUE(same_bits(with_all.of(all.checkpoints.size() - 1, o), with_last.of(0, o)));
}

TEST(Replicas, differ_from_one_another_and_from_seed_to_seed) {
  const auto problem = two_layers<1>();
  Plan seeded = plan(2);
  const Observations seen = simulate(problem, schedule, seeded);
  EXPECT_NE(seen.of(5, 0)[0], seen.of(5, 0)[1]);
  ++seeded.key.seed;
  EXPECT_NE(seen.of(5, 0)[0], simulate(problem, schedule, seeded).of(5, 0)[0]);
}

// Counts its steps since the last checkpoint.
struct Counting {
  static constexpr std::size_t noises = 1, observables = 2;
  struct State {
    double all = 0, since_checkpoint = 0;
  };
  State start = {};

  NORMPROOF_INLINE State step(const State& at, const std::array<double, noises>&, const Rates&) const {
    return {at.all + 1, at.since_checkpoint + 1};
  }
  void forget(State& state) const { state.since_checkpoint = 0; }
  std::array<double, observables> observe(const State& before, const State& after) const {
    return {before.since_checkpoint, after.since_checkpoint};
  }
};

TEST(Replicas, forget_at_each_checkpoint_after_it_was_seen) {
  const Plan counted = plan(3);
  for (const Observations& seen :
       {simulate(Counting{}, schedule, counted), simulate_plainly(Counting{}, schedule, counted)}) {
    std::size_t last = 0;
    for (std::size_t c = 0; c < counted.checkpoints.size(); ++c) {
      EXPECT_EQ(seen.of(c, 0)[2], static_cast<double>(counted.checkpoints[c] - last)) << c;
      EXPECT_EQ(seen.of(c, 1)[2], 1) << c;
      last = counted.checkpoints[c];
    }
  }
}

TEST(Replicas, stop_when_interrupted) {
  std::atomic<bool> interrupted = false;
  Plan stopped = plan(3 * inputs::replicas_per_block);
  stopped.interrupted = &interrupted;
  stopped.threads = 2;
  EXPECT_TRUE(same_bits(simulate(two_layers<1>(), schedule, stopped).all(),
                        simulate(two_layers<1>(), schedule, plan(3 * inputs::replicas_per_block)).all()));
  interrupted = true;
  EXPECT_THROW(simulate(two_layers<1>(), schedule, stopped), Interrupted);
}

TEST(Observations, of_no_replica_are_empty) { EXPECT_TRUE(simulate(two_layers<1>(), schedule, plan(0)).all().empty()); }

// w frozen: the error d of ê₂ obeys E d² ← (1 − α)² E d² + α² s², from d = ê₂ − m at k = 0.
TEST(ManyReplicas, have_the_mean_squared_error_that_its_recursion_gives) {
  auto problem = two_layers<1>();
  problem.first.a = problem.second.a = 0;
  const Plan many = plan(20000);
  const Observations seen = simulate(problem, schedule, many);
  const double start = problem.start.estimate2 - problem.mean;
  const double variance = problem.standard_deviation * problem.standard_deviation;
  double expected = start * start, wrong = expected;
  std::size_t checkpoint = 0;
  for (std::size_t k = 0; k < schedule.size(); ++k) {
    const double alpha = schedule[k].alpha, wrong_alpha = std::pow(static_cast<double>(k) + 1, -0.45);
    expected = (1 - alpha) * (1 - alpha) * expected + alpha * alpha * variance;
    wrong = (1 - wrong_alpha) * (1 - wrong_alpha) * wrong + wrong_alpha * wrong_alpha * variance;
    if (k != many.checkpoints[checkpoint]) continue;
    const Moments of = moments(seen.of(checkpoint, problem.squared_error_2));
    const double standard_error = std::sqrt(of.unbiased_variance / static_cast<double>(of.count));
    EXPECT_NEAR(of.mean, expected, 5 * standard_error) << k;
    // A rate with the exponent 0.45 in place of 0.4 is seen as soon as it differs much.
    if (k >= 16) {
      EXPECT_GT(std::fabs(of.mean - wrong), 5 * standard_error) << k;
    }
    ++checkpoint;
  }
  EXPECT_EQ(checkpoint, many.checkpoints.size());
}

TEST(PowersOfTwo, end_at_the_last_that_is_not_beyond) {
  EXPECT_EQ(powers_of_two(9), (std::vector<std::size_t>{1, 2, 4, 8}));
  EXPECT_EQ(powers_of_two(8), (std::vector<std::size_t>{1, 2, 4, 8}));
  EXPECT_TRUE(powers_of_two(0).empty());
}

TEST(Moments, are_mean_and_unbiased_variance) {
  const Moments of = moments(std::array<double, 4>{1, 2, 3, 6});
  EXPECT_EQ(of.count, 4u);
  EXPECT_EQ(of.mean, 3);
  EXPECT_DOUBLE_EQ(of.unbiased_variance, 14.0 / 3);
}

TEST(Schedule, has_the_rates_of_corollary_3) {
  const double l_g = 3;
  const Schedule rates = tabulated({0.4, 0.8, 1 / (2 * l_g)}, 3);
  ASSERT_EQ(rates.size(), 3u);
  EXPECT_EQ(rates[0].alpha, 1);
  EXPECT_DOUBLE_EQ(rates[2].alpha, std::pow(3, -0.4));
  EXPECT_DOUBLE_EQ(rates[2].learning_rate, std::pow(4, -0.8) / 6);
}

}  // namespace
}  // namespace normproof::simulation
