// Are deep batch norm networks that are drawn without their weight matrices distributed like those with them?
#include "proofs_checks/simulation/deep_batch_norm.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <vector>

#include "theory/mean_field/gradient_factor.hpp"

namespace normproof::simulation {
namespace {

constexpr std::uint64_t seed = 11;

struct Sample {
  double mean = 0, squared_error = 0;  // of log(‖∂ℓ/∂h_0‖²/‖∂ℓ/∂h_L‖²), and of its mean
  double variance = 0;                 // of the logarithm
};

template <class Draw>
Sample sample(std::size_t replicas, Draw draw) {
  std::vector<double> logs;
  Sample of;
  for (std::size_t r = 0; r < replicas; ++r) {
    const std::vector<double> squares = draw(r);
    logs.push_back(std::log(squares.front() / squares.back()));
    of.mean += logs.back() / static_cast<double>(replicas);
  }
  for (const double log : logs) of.variance += (log - of.mean) * (log - of.mean) / static_cast<double>(replicas - 1);
  of.squared_error = of.variance / static_cast<double>(replicas);
  return of;
}

// A narrow network, where the width has a large effect: 12 units, 5 samples.
void expect_the_same_law(const DeepEnsemble& ensemble) {
  constexpr std::size_t replicas = 4000;
  const auto drawn = squared_gradients(ensemble, seed, 0, replicas);
  const Sample short_cut = sample(replicas, [&](std::size_t r) { return drawn[r]; });
  const Sample in_full = sample(replicas, [&](std::size_t r) { return squared_gradients_in_full(ensemble, seed, r); });
  // Six standard errors: a false alarm once in 5e8 seeds. Without the part − N VᵀV, say, the mean would move by about
  // L (B − 1)/n, which is more than 1.
  const double error = std::sqrt(short_cut.squared_error + in_full.squared_error);
  EXPECT_NEAR(short_cut.mean, in_full.mean, 6 * error) << ensemble.id();
  EXPECT_LT(6 * error, 0.25) << ensemble.id();
  // Of 4000 logarithms with tails like these a standard deviation is known to a few percent.
  EXPECT_NEAR(short_cut.variance / in_full.variance, 1, 0.25) << ensemble.id();
}

TEST(DeepBatchNormSimulation, draws_linear_networks_like_those_with_matrices) {
  expect_the_same_law(linear_network(5, 12, 5));
}
TEST(DeepBatchNormSimulation, draws_relu_networks_like_those_with_matrices) {
  expect_the_same_law(relu_network(5, 12, 5));
}
TEST(DeepBatchNormSimulation, draws_networks_with_skips_like_those_with_matrices) {
  expect_the_same_law(relu_network(5, 12, 5, true));
  expect_the_same_law(linear_network(6, 12, 4, true));
}
TEST(DeepBatchNormSimulation, draws_cubic_networks_like_those_with_matrices) {
  expect_the_same_law(hermite_network(5, 12, 3));
}

TEST(DeepBatchNormSimulation, a_replica_does_not_depend_on_where_one_begins) {
  const DeepEnsemble ensemble = relu_network(6, 70, 3);
  const auto all = squared_gradients(ensemble, seed, 0, 4);
  EXPECT_EQ(squared_gradients(ensemble, seed, 2, 1).front(), all[2]);
  EXPECT_NE(all[0], all[1]);
  EXPECT_NE(squared_gradients(ensemble, seed + 1, 0, 1).front(), all[0]);
}

TEST(DeepBatchNormSimulation, layer_growth_is_four_logarithms_of_the_factor) {
  const GrowthPoint point = layer_growth(linear_network(16, 128, measured_depth));
  const OctaveSums sums = point.measure({.seed = seed, .first_replica = 0, .replicas = 64});
  ASSERT_EQ(sums.octaves, 4U);
  ASSERT_EQ(sums.groups, 8U);
  double last = 0, first = 0;
  for (std::size_t group = 0; group < sums.groups; ++group) {
    last += sums.at(3, group);
    first += sums.at(0, group);
  }
  const double factor = theory::linear_gradient_factor<double>(16);
  // Empirical: 64 replicas at width 128 come within 1 % a layer of the closed form.
  EXPECT_NEAR(std::log2(last / first) / 3, theta_of_factor(factor), block * 0.01 / std::log(2.0));
}

TEST(DeepBatchNormSimulation, depth_growth_is_slower_with_skips) {
  const auto grown = [](bool skips) {
    const OctaveSums sums =
        depth_growth(relu_network(8, 64, 1, skips)).measure({.seed = seed, .first_replica = 0, .replicas = 64});
    return sums.at(3, 0) / sums.at(0, 0);
  };
  EXPECT_GT(grown(false), 20 * grown(true));
}

TEST(DeepBatchNormSimulation, networks_with_skips_grow_by_the_closed_form) {
  constexpr int batch = 16, depth = 6;
  constexpr std::size_t replicas = 64;
  const double blocks_variance = batch / (batch - 1.0);  // that of h_0 is 1
  const double stated = theory::gradient_factor_with_skips<double>(theory::linear_gradient_factor<double>(batch),
                                                                   1 / blocks_variance, depth);
  double early = 0, late = 0;
  for (const auto& squares : squared_gradients(linear_network(batch, 256, depth, true), seed, 0, replicas)) {
    early += squares.back();
    late += squares.front();
  }
  // Empirical: 64 replicas at width 256 come within 3 % of what is stated for infinite width, which is more than 8.
  EXPECT_NEAR(late / early / stated, 1, 0.03);
  EXPECT_GT(stated, 8);
}

TEST(DeepBatchNormSimulation, stops_when_it_is_interrupted) {
  const std::atomic<bool> interrupted = true;
  EXPECT_THROW(squared_gradients(linear_network(4, 8, 2), seed, 0, 1, &interrupted), Interrupted);
}

}  // namespace
}  // namespace normproof::simulation
