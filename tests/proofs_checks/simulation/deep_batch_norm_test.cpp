// Are deep batch norm networks that are drawn without their weight matrices distributed like those with them?
#include "proofs_checks/simulation/deep_batch_norm.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <numbers>
#include <vector>

#include "impl/reference/deep_batch_norm.hpp"
#include "proofs_checks/inputs/random_block.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
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

theory::RectifiedKernel<double> relu_kernel(int batch) {
  const double t = 1.0 / (batch - 1);
  return theory::relu_kernel<double>(t, std::sqrt(1 - t * t), std::acos(t), std::numbers::pi);
}
double relu_factor(int batch) { return theory::relu_gradient_factor<double>(1.0 / (batch - 1), relu_kernel(batch)); }

TEST(DeepBatchNormSimulation, layer_growth_is_four_logarithms_of_the_factor) {
  constexpr int batch = 16;
  const GrowthPoint point = layer_growth(relu_network(batch, 128, measured_depth));
  const OctaveSums sums = point.measure({.seed = seed, .first_replica = 0, .replicas = 64});
  ASSERT_EQ(sums.octaves, 4U);
  ASSERT_EQ(sums.groups, 8U);
  double last = 0, first = 0;
  for (std::size_t group = 0; group < sums.groups; ++group) {
    last += sums.at(3, group);
    first += sums.at(0, group);
  }
  // Empirical: 64 replicas at width 128 come within 3 % a layer of the closed form. Another count of layers would move
  // θ by a quarter of it.
  const double stated = theta_of_factor(relu_factor(batch)), room = block * 0.03 / std::log(2.0);
  EXPECT_NEAR(std::log2(last / first) / 3, stated, room);
  EXPECT_GT(stated / 4, 3 * room);
}

// ReLU, B = 8; 1/start = E x₁² − E x₁x₂, which a block adds to the variance 1 of h_0.
TEST(DeepBatchNormSimulation, depth_growth_is_slower_with_skips) {
  constexpr int batch = 8, first_depth = 2, last_depth = 16;
  const double factor = relu_factor(batch), start = 2 / (1 - relu_kernel(batch).at_c);
  const double stated = theory::stack_gradient_factor<double>(factor, last_depth - first_depth) *
                        theory::gradient_factor_with_skips<double>(factor, start, first_depth) /
                        theory::gradient_factor_with_skips<double>(factor, start, last_depth);
  const auto grown = [](bool skips) {
    const OctaveSums sums =
        depth_growth(relu_network(batch, 64, 1, skips)).measure({.seed = seed, .first_replica = 0, .replicas = 64});
    return sums.at(3, 0) / sums.at(0, 0);
  };
  // Empirical: eight replicas at width 64 come within a factor of 2 of what is stated for infinite width, some 300.
  EXPECT_NEAR(std::log2(grown(false) / grown(true)), std::log2(stated), 1);
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

// Seven of nine samples differ, two are at their mean: six features, which a linear network keeps.
TEST(DeepBatchNormSimulation, data_of_few_features_have_the_factors_of_their_own) {
  constexpr int batch = 9, apart = 7, width = 128, depth = 7, first = 2, replicas = 16;
  std::vector<double> within(depth + 1, 0), beside(depth + 1, 0);
  for (std::uint64_t replica = 0; replica < replicas; ++replica) {
    inputs::ReplicaNoise noise({seed, inputs::fnv1a("few features", "deep_batch_norm_test")}, replica);
    reference::DeepNetwork<double> network;
    network.widths.assign(depth + 1, width);
    for (int l = 0; l < depth; ++l) {
      network.weights.emplace_back(width * width);
      for (double& weight : network.weights.back()) weight = noise.next() / std::sqrt(width);
    }
    std::vector<double> h(batch * width, 0), upstream(batch * width);
    for (double& value : upstream) value = noise.next();
    for (int i = 0; i < apart; ++i)
      for (int j = 0; j < width; ++j) {
        const double value = noise.next();
        for (int k = 0; k < apart; ++k) h[static_cast<std::size_t>(k * width + j)] += (k == i) * value - value / apart;
      }
    const auto gradient =
        reference::deep_backward<double>(network, reference::deep_forward<double>(network, h, batch), upstream);
    for (std::size_t l = 0; l <= depth; ++l)
      for (int j = 0; j < width; ++j) {
        double squares = 0, sum = 0, all = 0;
        for (int i = 0; i < batch; ++i) {
          const double value = gradient.h[l][static_cast<std::size_t>(i * width + j)];
          all += value * value;
          if (i >= apart) continue;
          squares += value * value;
          sum += value;
        }
        within[l] += squares - sum * sum / apart;
        beside[l] += all - (squares - sum * sum / apart);
      }
  }
  const auto per_layer = [](const std::vector<double>& squares) {
    return std::pow(squares[first] / squares[depth - 1], 1.0 / (depth - 1 - first));
  };
  // Empirical: sixteen replicas at width 128 come within 0.07; a batch of nine that is isotropic has 7/6.
  EXPECT_NEAR(per_layer(within), theory::linear_gradient_of_few_features<double>(apart - 1, 1, 0), 0.07);
  EXPECT_NEAR(per_layer(beside), theory::linear_gradient_of_few_features<double>(apart - 1, 0, 1), 0.07);
}

TEST(DeepBatchNormSimulation, stops_when_it_is_interrupted) {
  const std::atomic<bool> interrupted = true;
  EXPECT_THROW(squared_gradients(linear_network(4, 8, 2), seed, 0, 1, &interrupted), Interrupted);
}

}  // namespace
}  // namespace normproof::simulation
