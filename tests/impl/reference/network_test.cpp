// Does the reference network compute LL19's layers, objectives and gradients?
#include "impl/reference/network.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

namespace reference = normproof::reference;
using dual_number::Dual;
using reference::Activation;
using reference::LayerSpec;
using reference::Loss;
using reference::Network;
using reference::Normalization;
using Values = std::vector<double>;

TEST(ReferenceNetwork, plain_layer_multiplies_the_input_and_a_constant_one) {
  const Network<double> network{{{Normalization::none, Activation::relu, 2, 1}}, {{2, 3, 5}}};
  EXPECT_EQ(reference::network_forward<double>(network, Values{1, 1, -4, 0}, 2, 0.0), (Values{10, 0}));
}

TEST(ReferenceNetwork, batch_norm_layer_normalizes_its_input_before_the_weights) {
  // The columns (1, 3) and (0, 6) become (−1, 1) both.
  const Network<double> network{{{Normalization::batch_norm, Activation::identity, 2, 2}}, {{2, 3, 5, 1, -1, 7}}};
  EXPECT_EQ(reference::network_forward<double>(network, Values{1, 0, 3, 6}, 2, 0.0), (Values{0, 7, 10, 7}));
}

TEST(ReferenceNetwork, batch_norm_adds_eps_where_full_norm_clamps) {
  const Values rows{1, 3};  // variance 1
  const Network<double> batch_norm{{{Normalization::batch_norm, Activation::identity, 1, 1}}, {{1, 0}}};
  const Network<double> full_norm{{{Normalization::full_norm, Activation::identity, 1, 1}}, {{1, 0}}};
  EXPECT_EQ(reference::network_forward<double>(batch_norm, rows, 2, 3.0), (Values{-0.5, 0.5}));
  EXPECT_EQ(reference::network_forward<double>(full_norm, rows, 2, 0.25), (Values{-1, 1}));
  EXPECT_EQ(reference::network_forward<double>(full_norm, rows, 2, 16.0), (Values{-0.25, 0.25}));
}

TEST(ReferenceNetwork, full_norm_on_the_whole_set_is_a_plain_layer_with_folded_weights) {
  // LL19 below (5): W′ = W·[diag(1/√var), −mean/√var; 0, 1] with mean (2, 3), var (1, 9), W = (2, 3, 5).
  const Network<double> normalized{{{Normalization::full_norm, Activation::identity, 2, 1}}, {{2, 3, 5}}};
  const Network<double> plain{{{Normalization::none, Activation::identity, 2, 1}}, {{2, 1, 5 - 4 - 3}}};
  const Values rows{1, 0, 3, 6};
  EXPECT_EQ(reference::network_forward<double>(normalized, rows, 2, 0.0),
            reference::network_forward<double>(plain, rows, 2, 0.0));
}

TEST(ReferenceNetwork, one_row_under_batch_norm_leaves_the_constant_only) {
  const Network<double> network{{{Normalization::batch_norm, Activation::identity, 2, 1}}, {{2, 3, 5}}};
  EXPECT_EQ(reference::network_forward<double>(network, Values{8, -9}, 1, 1.0), (Values{5}));
}

TEST(ReferenceNetwork, objective_is_the_mean_loss_over_the_rows) {
  const Network<double> network{{{Normalization::none, Activation::identity, 1, 1}}, {{1, 0}}};
  const double value = reference::network_objective<double>(network, Values{3, 1}, Values{1, 0}, 2, 0.0, Loss::squared);
  EXPECT_EQ(value, 1.25);  // (2 + 1/2)/2
}

TEST(ReferenceNetwork, objective_over_minibatches_normalizes_each_by_itself) {
  const Network<double> network{{{Normalization::batch_norm, Activation::identity, 1, 1}}, {{1, 0}}};
  const Values rows{1, 3, 20, 60};  // each minibatch becomes (−1, 1)
  const Values targets{-1, 1, -1, 3};
  EXPECT_EQ(reference::network_objective_over_minibatches<double>(network, rows, targets, 2, 2, 0.0, Loss::squared),
            0.5);  // (0 + (0 + 2)/2)/2
}

TEST(ReferenceNetwork, given_statistics_replace_those_of_the_rows) {
  const Network<double> network{
      {{Normalization::batch_norm, Activation::identity, 1, 1}, {Normalization::full_norm, Activation::identity, 1, 1}},
      {{8, 0}, {1, 0}}};
  auto states = reference::make_network_state<double>(network);
  states[0].batch_norm = {{1}, {15}};
  states[1].full_norm = {{2}, {8}};
  // 5 → (5 − 1)/√(15 + 1) = 1 → 8 → (8 − 2)/√max{8 − 4, 1} = 3.
  EXPECT_EQ(reference::network_forward_given<double>(network, states, Values{5}, 1, 1.0), (Values{3}));
}

TEST(ReferenceNetwork, training_pass_updates_the_states_and_full_norm_normalizes_by_its_own) {
  const Network<double> network{
      {{Normalization::batch_norm, Activation::identity, 1, 1}, {Normalization::full_norm, Activation::identity, 1, 1}},
      {{2, 3}, {1, 0}}};
  auto states = reference::make_network_state<double>(network);
  // Layer 0 turns (1, 3) into (−1, 1), then (1, 5): mean 3, mean of squares 13. α = 1/2 from states 0.
  const auto trace = reference::network_train_trace<double>(network, states, Values{1, 3}, 2, 0.0, 0.5);
  EXPECT_EQ(states[0].batch_norm.mean, (Values{1}));
  EXPECT_EQ(states[0].batch_norm.variance, (Values{0.5}));
  EXPECT_EQ(states[1].full_norm.mean, (Values{1.5}));
  EXPECT_EQ(states[1].full_norm.square, (Values{6.5}));
  EXPECT_EQ(trace.layers[0].output, (Values{1, 5}));
  const double root = std::sqrt(6.5 - 2.25);
  EXPECT_EQ(trace.layers[1].output, (Values{-0.5 / root, 3.5 / root}));
}

TEST(ReferenceNetwork, training_pass_at_alpha_one_is_the_exact_forward_pass) {
  const Network<double> network{
      {{Normalization::full_norm, Activation::tanh, 2, 2}, {Normalization::batch_norm, Activation::softplus, 2, 1}},
      {{0.5, -1, 0.25, 2, 1, -0.5}, {1, -2, 0.5}}};
  const Values rows{0.5, -2.0, 1.5, 0.25, -1.0, 3.0};
  auto states = reference::make_network_state<double>(network);
  const auto trained = reference::network_train_trace<double>(network, states, rows, 3, 0.125, 1.0);
  EXPECT_EQ(trained.layers.back().output, reference::network_forward<double>(network, rows, 3, 0.125));
  EXPECT_EQ(reference::network_forward_given<double>(network, states, rows, 3, 0.125), trained.layers.back().output);
}

TEST(ReferenceNetwork, shapes_that_do_not_chain_are_recognized) {
  const LayerSpec first{Normalization::none, Activation::relu, 2, 3};
  const LayerSpec second{Normalization::none, Activation::relu, 3, 1};
  const Network<double> good{{first, second}, {Values(9), Values(4)}};
  const Network<double> bad_chain{{first, first}, {Values(9), Values(9)}};
  const Network<double> bad_weights{{first, second}, {Values(6), Values(4)}};
  EXPECT_TRUE(reference::network_shapes_agree(good));
  EXPECT_FALSE(reference::network_shapes_agree(bad_chain));
  EXPECT_FALSE(reference::network_shapes_agree(bad_weights));
  EXPECT_FALSE(reference::network_shapes_agree(Network<double>{}));
}

TEST(ReferenceNetworkBackward, hand_computed_plain_layer) {
  // outputs 2·3 + 1 = 7 and 2·1 + 1 = 3, targets 5 and 4: slopes of the mean loss 1 and −1/2.
  const Network<double> network{{{Normalization::none, Activation::identity, 1, 1}}, {{2, 1}}};
  const auto gradient = reference::network_backward<double>(network, Values{3, 1}, Values{5, 4}, 2, 0.0, Loss::squared);
  EXPECT_EQ(gradient.weights[0], (Values{2.5, 0.5}));
  EXPECT_EQ(gradient.rows, (Values{2, -1}));
}

TEST(ReferenceNetworkBackward, rows_under_one_sample_batch_norm_get_no_gradient) {
  const Network<double> network{{{Normalization::batch_norm, Activation::identity, 2, 1}}, {{2, 3, 5}}};
  const auto gradient = reference::network_backward<double>(network, Values{8, -9}, Values{1}, 1, 1.0, Loss::squared);
  EXPECT_EQ(gradient.rows, (Values{0, 0}));
  EXPECT_EQ(gradient.weights[0], (Values{0, 0, 4}));
}

// Numbers in (−1, 1) that look like nothing in particular: a fixed integer recursion.
class Stream {
 public:
  double next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state_ >> 11) * 0x1p-52 - 1.0;
  }
  Values values(std::size_t count) {
    Values drawn(count);
    for (double& value : drawn) value = next();
    return drawn;
  }

 private:
  std::uint64_t state_ = 20190523;
};

struct Problem {
  Network<double> network;
  Values rows;
  Values targets;
  int batch;
  double eps;
  Loss loss;
};

Problem problem_of(Normalization normalization, Activation activation, Loss loss) {
  Stream stream;
  Problem problem;
  problem.network.layers = {{normalization, activation, 3, 4}, {normalization, Activation::identity, 4, 2}};
  for (const LayerSpec& layer : problem.network.layers) {
    problem.network.weights.push_back(stream.values(reference::weight_count(layer)));
  }
  problem.batch = 5;
  problem.rows = stream.values(15);
  problem.targets = stream.values(10);
  if (loss == Loss::logistic) {
    for (double& target : problem.targets) target = target < 0 ? -1 : 1;
  }
  problem.eps = 0.03125;
  problem.loss = loss;
  return problem;
}

constexpr Normalization all_normalizations[] = {Normalization::none, Normalization::batch_norm,
                                                Normalization::full_norm};
constexpr Activation all_activations[] = {Activation::identity, Activation::relu, Activation::tanh,
                                          Activation::softplus};
constexpr Loss all_losses[] = {Loss::squared, Loss::logistic, Loss::softmax};

std::vector<Dual> constants(const Values& values) {
  std::vector<Dual> result;
  for (const double value : values) result.emplace_back(value, 0.0);
  return result;
}

Network<Dual> constants(const Network<double>& network) {
  Network<Dual> result{network.layers, {}};
  for (const Values& weights : network.weights) result.weights.push_back(constants(weights));
  return result;
}

TEST(ReferenceNetworkBackward, agrees_with_dual_numbers_for_every_normalization_activation_and_loss) {
  // Two layers, five rows: some hundred roundings on numbers below 10; empirical.
  const double tolerance = 1e-12;
  int compared = 0;
  for (const Normalization normalization : all_normalizations) {
    for (const Activation activation : all_activations) {
      for (const Loss loss : all_losses) {
        const Problem problem = problem_of(normalization, activation, loss);
        const auto gradient = reference::network_backward<double>(problem.network, problem.rows, problem.targets,
                                                                  problem.batch, problem.eps, problem.loss);
        const std::vector<Dual> targets = constants(problem.targets);
        const Dual eps(problem.eps, 0.0);
        for (std::size_t l = 0; l < problem.network.weights.size(); ++l) {
          for (std::size_t k = 0; k < problem.network.weights[l].size(); ++k) {
            Network<Dual> network = constants(problem.network);
            network.weights[l][k].slope = 1.0;
            const Dual value = reference::network_objective<Dual>(network, constants(problem.rows), targets,
                                                                  problem.batch, eps, problem.loss);
            EXPECT_LE(std::fabs(value.slope - gradient.weights[l][k]), tolerance) << "layer " << l << " weight " << k;
            ++compared;
          }
        }
        for (std::size_t k = 0; k < problem.rows.size(); ++k) {
          std::vector<Dual> rows = constants(problem.rows);
          rows[k].slope = 1.0;
          const Dual value = reference::network_objective<Dual>(constants(problem.network), rows, targets,
                                                                problem.batch, eps, problem.loss);
          EXPECT_LE(std::fabs(value.slope - gradient.rows[k]), tolerance) << "row value " << k;
          ++compared;
        }
      }
    }
  }
  EXPECT_EQ(compared, 3 * 4 * 3 * (16 + 10 + 15));
}

TEST(ReferenceNetworkBackward, agrees_with_central_differences_for_smooth_activations) {
  // h = 2⁻¹⁷: truncation h²|f‴|/6 ≈ 1e-11 |f‴| and rounding u|f|/h ≈ 1e-11 |f|, with a factor 1000 for |f‴| through two
  // normalized layers (empirical).
  const double h = 0x1p-17;
  const double tolerance = 1e-8;
  for (const Normalization normalization : all_normalizations) {
    const Problem problem = problem_of(normalization, Activation::tanh, Loss::softmax);
    const auto gradient = reference::network_backward<double>(problem.network, problem.rows, problem.targets,
                                                              problem.batch, problem.eps, problem.loss);
    const auto objective = [&](const Network<double>& network, const Values& rows) {
      return reference::network_objective<double>(network, rows, problem.targets, problem.batch, problem.eps,
                                                  problem.loss);
    };
    for (std::size_t l = 0; l < problem.network.weights.size(); ++l) {
      for (std::size_t k = 0; k < problem.network.weights[l].size(); ++k) {
        Network<double> up = problem.network;
        Network<double> down = problem.network;
        up.weights[l][k] += h;
        down.weights[l][k] -= h;
        const double slope = (objective(up, problem.rows) - objective(down, problem.rows)) / (2 * h);
        EXPECT_LE(std::fabs(slope - gradient.weights[l][k]), tolerance) << "layer " << l << " weight " << k;
      }
    }
    for (std::size_t k = 0; k < problem.rows.size(); ++k) {
      Values up = problem.rows;
      Values down = problem.rows;
      up[k] += h;
      down[k] -= h;
      const double slope = (objective(problem.network, up) - objective(problem.network, down)) / (2 * h);
      EXPECT_LE(std::fabs(slope - gradient.rows[k]), tolerance) << "row value " << k;
    }
  }
}

TEST(ReferenceNetworkBackward, gradient_code_itself_runs_on_a_number_type_without_comparisons) {
  const Problem problem = problem_of(Normalization::full_norm, Activation::relu, Loss::softmax);
  const auto expected = reference::network_backward<double>(problem.network, problem.rows, problem.targets,
                                                            problem.batch, problem.eps, problem.loss);
  const auto gradient =
      reference::network_backward<Dual>(constants(problem.network), constants(problem.rows), constants(problem.targets),
                                        problem.batch, Dual(problem.eps, 0.0), problem.loss);
  ASSERT_EQ(gradient.rows.size(), expected.rows.size());
  for (std::size_t k = 0; k < expected.rows.size(); ++k) EXPECT_EQ(gradient.rows[k].value, expected.rows[k]);
}

}  // namespace
