// Does the compositional objective apply operators in LL19's order, with expectations over the whole data set?
#include "impl/reference/compositional.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "impl/reference/compositional_full_norm.hpp"
#include "impl/reference/network.hpp"
#include "tests/impl/reference/dual_number.hpp"

namespace {

using namespace normproof;
using Values = std::vector<double>;

// F(w; g; e) = w·g + e with e(g) = g².
reference::CompositionalLayer<double> square_adder() {
  reference::CompositionalLayer<double> layer;
  layer.statistic = [](std::span<const double> value) { return Values{value[0] * value[0]}; };
  layer.apply = [](std::span<const double> w, std::span<const double> value, std::span<const double> expectation) {
    return Values{w[0] * value[0] + expectation[0]};
  };
  return layer;
}

const std::vector<reference::CompositionalLayer<double>> two_adders = {square_adder(), square_adder()};
const std::vector<Values> weights = {{10.0}, {2.0}};
const reference::FunctionOnData<double> data = {{1.0}, {3.0}};

TEST(ReferenceCompositional, applies_the_last_operator_first) {
  // F₂: E ξ² = 5, so 2ξ + 5 = 7, 11. F₁: E = (49 + 121)/2 = 85, so 10·7 + 85, 10·11 + 85.
  EXPECT_EQ(reference::compose<double>(two_adders, weights, 0, data),
            (reference::FunctionOnData<double>{{155}, {195}}));
  EXPECT_EQ(reference::compose<double>(two_adders, weights, 1, data), (reference::FunctionOnData<double>{{7}, {11}}));
  EXPECT_EQ(reference::compose<double>(two_adders, weights, 2, data), data);
  EXPECT_EQ(reference::compositional_objective<double>(two_adders, weights, data), 175);
}

TEST(ReferenceCompositional, gives_the_statistics_that_each_operator_saw) {
  EXPECT_EQ(reference::exact_statistics<double>(two_adders, weights, data), (std::vector<Values>{{85}, {5}}));
}

TEST(ReferenceCompositional, with_estimates_one_sample_needs_no_other) {
  const std::vector<Values> exact = {{85}, {5}}, wrong = {{0}, {1}};
  EXPECT_EQ(reference::compose_estimated<double>(two_adders, weights, exact, 0, {3}), (Values{195}));
  EXPECT_EQ(reference::compose_estimated<double>(two_adders, weights, wrong, 0, {3}), (Values{70}));
  // ê₁ is taken behind F̂₂, ê₂ at ξ itself.
  EXPECT_EQ(reference::estimated_statistic<double>(two_adders, weights, wrong, 0, {3}), (Values{49}));
  EXPECT_EQ(reference::estimated_statistic<double>(two_adders, weights, wrong, 1, {3}), (Values{9}));
}

TEST(ReferenceCompositional, full_normalization_is_the_reference_network_s_objective) {
  const reference::Network<double> network = {
      {{reference::Normalization::full_norm, reference::Activation::tanh, 2, 2},
       {reference::Normalization::full_norm, reference::Activation::identity, 2, 1}},
      {{1.0, -2.0, 0.5, 0.25, 1.0, 0.0}, {1.5, -1.0, 0.5}}};
  const Values rows = {0.0, 1.0, 2.0, -1.0, 4.0, 0.5}, targets = {1.0, -1.0, 0.5};
  for (const double eps : {0.0, 0.5}) {
    const std::vector<reference::CompositionalLayer<double>> layers = {
        reference::compositional_loss<double>(1, reference::Loss::squared),
        reference::compositional_full_norm_layer<double>(2, 1, reference::Activation::identity,
                                                         reference::Root::clamped, eps),
        reference::compositional_full_norm_layer<double>(2, 2, reference::Activation::tanh, reference::Root::clamped,
                                                         eps)};
    const std::vector<Values> parameters = {{}, network.weights[1], network.weights[0]};
    const reference::FunctionOnData<double> samples = {{0.0, 1.0, 1.0}, {2.0, -1.0, -1.0}, {4.0, 0.5, 0.5}};
    // Empirical tolerance: both are sums of a few terms of order 1.
    EXPECT_NEAR(reference::compositional_objective<double>(layers, parameters, samples),
                reference::network_objective<double>(network, rows, targets, 3, eps, reference::Loss::squared), 1e-14);
  }
}

TEST(ReferenceCompositional, hands_the_label_on) {
  const std::vector<reference::CompositionalLayer<double>> layers = {reference::compositional_full_norm_layer<double>(
      1, 2, reference::Activation::identity, reference::Root::added, 3.0)};
  const std::vector<Values> parameters = {{4.0, 1.0, -4.0, 0.0}};
  // x = −1, 1 has variance 1, √(1 + 3) = 2.
  EXPECT_EQ(reference::compose<double>(layers, parameters, 0, {{-1.0, 7.0}, {1.0, 9.0}}),
            (reference::FunctionOnData<double>{{-1.0, 2.0, 7.0}, {3.0, -2.0, 9.0}}));
}

TEST(ReferenceCompositional, runs_on_a_number_type_without_comparisons) {
  using dual_number::Dual;
  const std::vector<reference::CompositionalLayer<Dual>> layers = {
      reference::compositional_loss<Dual>(1, reference::Loss::squared),
      reference::compositional_full_norm_layer<Dual>(1, 1, reference::Activation::identity, reference::Root::added,
                                                     Dual(0))};
  const reference::FunctionOnData<Dual> samples = {{Dual(0), Dual(0)}, {Dual(2), Dual(0)}};
  // ½ mean (±w)²: derivative w.
  const std::vector<std::vector<Dual>> parameters = {{}, {Dual(3.0, 1.0), Dual(0)}};
  EXPECT_EQ(reference::compositional_objective<Dual>(layers, parameters, samples).slope, 3.0);
}

}  // namespace
