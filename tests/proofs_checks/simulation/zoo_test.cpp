// Does the zoo measure what it says, at the points where it says it?
#include "proofs_checks/simulation/zoo.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <stdexcept>

#include "proofs_checks/simulation/schedule.hpp"
#include "proofs_checks/simulation/zoo_chains.hpp"
#include "theory/compositional/affine_chain_moments.hpp"

namespace normproof::simulation {
namespace {

constexpr std::size_t one_stage = 64;

OctaveSums run(const Measurement& wanted, std::size_t replicas = one_stage, std::uint64_t first_replica = 0) {
  return measured(wanted).measure({.seed = 3, .first_replica = first_replica, .replicas = replicas});
}

double mean(const OctaveSums& sums, std::size_t octave) {
  double sum = 0;
  for (std::size_t group = 0; group < sums.groups; ++group) sum += sums.at(octave, group);
  return sum / static_cast<double>(sums.groups);
}

double exponent(const OctaveSums& sums) {
  const std::size_t last = sums.octaves - 1;
  return std::log2(mean(sums, last) / mean(sums, last - 3)) / 3;
}

TEST(Zoo, has_no_problem_twice_and_says_of_each_what_it_satisfies) {
  std::set<std::string> ids;
  for (const ZooProblem& problem : zoo()) {
    EXPECT_TRUE(ids.insert(problem.id).second) << problem.id;
    EXPECT_FALSE(problem.words.empty()) << problem.id;
    EXPECT_FALSE(problem.assumptions.empty()) << problem.id;
    EXPECT_GT(problem.first_learning_rate, 0) << problem.id;
  }
  EXPECT_THROW(zoo_problem("no such problem"), std::out_of_range);
}

TEST(Zoo, does_not_measure_what_a_problem_does_not_have) {
  EXPECT_THROW(measured({.problem = "noise_only", .rates = {0.8, 0.4}}), std::invalid_argument);  // no gradient
  EXPECT_THROW(measured({.problem = "power_tail", .rates = {0.8, 0.4}, .quantity = Quantity::squared_error}),
               std::invalid_argument);
  EXPECT_THROW(measured({.problem = "smooth", .rates = {0.8, 0.4}, .quantity = Quantity::proved_lower_bound}),
               std::invalid_argument);
  EXPECT_THROW(measured({.problem = "chain_2", .rates = {0.8, 0.4}, .quantity = Quantity::squared_error, .layer = 3}),
               std::invalid_argument);
  EXPECT_THROW(measured({.problem = "chain_2", .rates = {0.8, 0.4}, .oracle_bias = 1}), std::invalid_argument);
}

TEST(Zoo, names_every_measurement_by_what_it_depends_on) {
  const Measurement plain = {.problem = "kinked", .rates = {0.8, 0.4}, .last_octave = 5};
  std::set<std::string> ids = {measured(plain).id};
  Measurement changed = plain;
  changed.rates.gamma = 0.81;
  EXPECT_TRUE(ids.insert(measured(changed).id).second);
  changed = plain;
  changed.rates.a = 0.41;
  EXPECT_TRUE(ids.insert(measured(changed).id).second);
  changed = plain;
  changed.last_octave = 6;
  EXPECT_TRUE(ids.insert(measured(changed).id).second);
  changed = plain;
  changed.quantity = Quantity::gradient;
  EXPECT_TRUE(ids.insert(measured(changed).id).second);
  changed = plain;
  changed.oracle_bias = 0.5;
  EXPECT_TRUE(ids.insert(measured(changed).id).second);
  changed = plain;
  changed.rates.gamma = 0.1 * 8;  // not the double 0.8, the same point
  EXPECT_FALSE(ids.insert(measured(changed).id).second);
}

TEST(Zoo, gives_the_same_runs_in_any_division_of_the_replicas) {
  const Measurement wanted = {.problem = "kinked_two_layers", .rates = {0.7, 0.3}, .last_octave = 6};
  const OctaveSums whole = run(wanted, 2 * one_stage), late = run(wanted, one_stage, one_stage);
  const std::size_t half = late.groups;
  for (std::size_t octave = 0; octave < whole.octaves; ++octave)
    for (std::size_t group = 0; group < half; ++group)
      EXPECT_EQ(whole.at(octave, half + group), late.at(octave, group));
}

TEST(Zoo, sees_the_noise_of_an_estimate_as_its_recursion_gives_it) {
  Measurement wanted = {
      .problem = "quadratic", .rates = {0.8, 0.4}, .quantity = Quantity::squared_error, .last_octave = 9};
  const OctaveSums simulated = run(wanted, 16 * one_stage);
  wanted.problem = "noise_only";
  const OctaveSums exact = run(wanted);
  for (std::size_t octave = 3; octave < exact.octaves; ++octave) {
    double variance = 0;
    const double average = mean(simulated, octave), groups = static_cast<double>(simulated.groups);
    for (std::size_t g = 0; g < simulated.groups; ++g) variance += std::pow(simulated.at(octave, g) - average, 2);
    const double standard_error = std::sqrt(variance / (groups - 1) / groups);
    EXPECT_NEAR(average, exact.at(octave, 0), 5 * standard_error) << octave;
  }
}

TEST(Zoo, has_the_exponents_that_are_known) {
  // Empirical: 2¹⁵ steps are this near to the limit.
  constexpr double near = 0.06;
  const RateExponents rates = {0.8, 0.4};
  const auto of = [&](const char* problem, Quantity quantity) {
    return exponent(run({.problem = problem, .rates = rates, .quantity = quantity, .last_octave = 14}));
  };
  EXPECT_NEAR(of("noise_only", Quantity::squared_error), 1 - rates.a, near);
  EXPECT_NEAR(of("steady_drift", Quantity::squared_error), 1 - 2 * rates.gamma + 2 * rates.a, near);
  EXPECT_NEAR(of("chain_3", Quantity::weighted_gradient), 1 - 2 * rates.gamma, near);
  EXPECT_NEAR(of("kinked", Quantity::proved_upper_bound), 1 - rates.gamma - rates.a, near);
}

TEST(Zoo, keeps_the_first_error_where_the_rates_can_be_summed) {
  const OctaveSums sums = run({.problem = "noise_only",
                               .rates = {0.8, 0.4},
                               .quantity = Quantity::squared_error,
                               .last_octave = 10,
                               .averaging = Averaging::summable});
  // d_K = d_0 (K + 2)/(2(K + 1)): the mean of d² over the last octave is a little more than 1/4.
  const double of_the_octave = sums.at(sums.octaves - 1, 0) / std::exp2(10);
  EXPECT_GT(of_the_octave, 0.25);
  EXPECT_LT(of_the_octave, 0.251);
}

TEST(Zoo, sums_a_chain_s_recursion_over_each_octave) {
  constexpr int last = 4;
  const RateExponents rates = {0.7, 0.3};
  const auto& chain = affine_chain<2>();
  const Schedule schedule = tabulated({rates.a, rates.gamma, zoo_problem("chain_2").first_learning_rate}, 64);
  auto moments = theory::affine_chain_start<double, 2>(chain.w, chain.estimates);
  std::vector<double> sums(last + 1, 0.0);
  for (std::size_t k = 0; k < 32; ++k) {
    const auto step = theory::affine_chain_step<double, 2>(chain.layers, moments, schedule[k].alpha,
                                                           schedule[k].learning_rate, theory::SampleSharing::none);
    moments = step.next;
    if (k > 0) sums[static_cast<std::size_t>(std::log2(k))] += step.squared_error[1];
  }
  const OctaveSums seen =
      run({.problem = "chain_2", .rates = rates, .quantity = Quantity::squared_error, .layer = 2, .last_octave = last});
  ASSERT_EQ(seen.octaves, sums.size());
  for (std::size_t octave = 0; octave < sums.size(); ++octave) EXPECT_DOUBLE_EQ(seen.at(octave, 0), sums[octave]);
}

TEST(PrintedRegion, is_the_theorem_s) {
  const auto points = printed_region(0.05);
  EXPECT_EQ(points.size(), 70U);
  for (const RateExponents& rates : points) {
    EXPECT_LT(rates.a, 2 * rates.gamma - 1);
    EXPECT_LT(rates.a, 0.5);
    EXPECT_LE(rates.gamma, 1);
  }
  EXPECT_FALSE(in_printed_region({0.6, 0.2}));  // a = 2γ − 1
  EXPECT_FALSE(in_printed_region({1, 0.5}));
  EXPECT_TRUE(in_printed_region({0.8, 0.4}));
}

TEST(BesideTheLine, lies_at_the_stated_distances) {
  for (const double slope : {1.0, 2.0})
    for (const RateExponents& rates : beside_the_line(slope, 0.05)) {
      const double distance = std::fabs(rates.gamma + slope * rates.a - 1);
      EXPECT_TRUE(std::fabs(distance - 0.05) < 1e-9 || std::fabs(distance - 0.1) < 1e-9) << distance;
    }
}

}  // namespace
}  // namespace normproof::simulation
