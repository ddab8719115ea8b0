// Does one step of MCSGD use the samples that it is given, where LL19 Algorithm 2 and Remark 1 want them?
#include "impl/reference/mcsgd.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

using namespace normproof;
using reference::FactorsAfter;
using Values = std::vector<double>;

// F(w; g; e) = w·g + e with e(g) = g².
template <class T>
reference::CompositionalLayer<T> square_adder() {
  using Span = std::span<const T>;
  return {[](Span w, Span value, Span y) { return std::vector<T>{w[0] * value[0] + y[0]}; },
          [](Span value) { return std::vector<T>{value[0] * value[0]}; }};
}
template <class T>
reference::LayerDerivatives<T> slopes_of_square_adder() {
  using Span = std::span<const T>;
  return {.by_parameters = [](Span, Span value, Span) { return std::vector<T>{value[0]}; },
          .by_input = [](Span w, Span, Span) { return std::vector<T>{w[0]}; },
          .by_expectation = [](Span, Span, Span) { return std::vector<T>{T(1)}; },
          .statistic_by_input = [](Span value) { return std::vector<T>{T(2) * value[0]}; }};
}

template <class T>
reference::CompositionalProblem<T> adders(std::vector<std::vector<T>> parameters, std::vector<std::vector<T>> data) {
  reference::CompositionalProblem<T> problem;
  for (std::size_t layer = 0; layer < parameters.size(); ++layer) {
    problem.layers.push_back(square_adder<T>());
    problem.derivatives.push_back(slopes_of_square_adder<T>());
  }
  problem.parameters = std::move(parameters);
  problem.data = std::move(data);
  return problem;
}

// The exact statistics are 85 and 5; F₂ puts out 7 and 11. f = E[w₁ g + E g²], g = w₂ ξ + 5.
const reference::CompositionalProblem<double> two = adders<double>({{10}, {2}}, {{1}, {3}});
const std::vector<Values> exact = {{85}, {5}};

std::vector<Values> mean_over_all_draws(FactorsAfter factors_after) {
  std::vector<Values> mean = {{0}, {0}};
  for (int outer = 0; outer < 2; ++outer)
    for (int inner = 0; inner < 2; ++inner) {
      const auto gradient = reference::oracle_gradient<double>(two, exact, {{outer}, {{inner}, {0}}}, factors_after);
      for (std::size_t i = 0; i < 2; ++i) mean[i][0] += gradient[i][0] / 4;
    }
  return mean;
}

TEST(ReferenceMcsgd, mixes_each_layer_s_own_sample_into_its_estimate_with_the_other_estimates_as_they_were) {
  std::vector<Values> estimates = {{0}, {1}};
  reference::update_estimates<double>(two, {{1}, {0}}, 0.5, estimates);
  // Layer 1: ((2·3 + 1)² + 0)/2. Layer 2: (1 + 1²)/2.
  EXPECT_EQ(estimates, (std::vector<Values>{{24.5}, {1}}));
}

TEST(ReferenceMcsgd, takes_the_mean_over_a_minibatch_that_all_layers_may_share) {
  std::vector<Values> estimates = {{0}, {1}};
  reference::update_estimates<double>(two, reference::same_for_all(2, {0, 1}), 1.0, estimates);
  EXPECT_EQ(estimates, (std::vector<Values>{{(9.0 + 49.0) / 2}, {5}}));
}

TEST(ReferenceMcsgd, evaluates_the_factors_after_a_statistic_at_its_own_sample) {
  // g₂ = 10·1 + D₁(3)·3, D₁ = 2·11.
  EXPECT_EQ(reference::oracle_gradient<double>(two, exact, {{0}, {{1}, {0}}}, FactorsAfter::at_inner),
            (std::vector<Values>{{7}, {76}}));
}

TEST(ReferenceMcsgd, evaluates_them_at_the_outer_sample_where_told_to) {
  EXPECT_EQ(reference::oracle_gradient<double>(two, exact, {{0}, {{1}, {0}}}, FactorsAfter::at_outer),
            (std::vector<Values>{{7}, {32}}));
}

TEST(ReferenceMcsgd, is_the_gradient_on_average_with_the_factors_at_the_inner_sample_only) {
  // ∂f/∂w₁ = E g = 9, ∂f/∂w₂ = w₁ E ξ + 2 E[g ξ] = 20 + 40.
  EXPECT_EQ(mean_over_all_draws(FactorsAfter::at_inner), (std::vector<Values>{{9}, {60}}));
  EXPECT_EQ(mean_over_all_draws(FactorsAfter::at_outer), (std::vector<Values>{{9}, {56}}));
}

TEST(ReferenceMcsgd, is_the_gradient_with_the_whole_data_set_in_every_draw) {
  EXPECT_EQ(reference::oracle_gradient<double>(two, exact, {{0, 1}, reference::same_for_all(2, {0, 1})},
                                               FactorsAfter::at_inner),
            (std::vector<Values>{{9}, {60}}));
}

TEST(ReferenceMcsgd, branches_at_every_layer) {
  const auto three = adders<double>({{10}, {2}, {3}}, {{1}, {3}, {-2}});
  const std::vector<Values> estimates = {{4}, {6}, {5}};
  const auto at = [&](int sample, std::size_t layer) {
    return reference::compose_estimated<double>(three.layers, three.parameters, estimates, layer,
                                                three.data[static_cast<std::size_t>(sample)])[0];
  };
  // ξ is sample 0, ξ′₁ sample 1, ξ′₂ sample 2; h = ∂F₃/∂w₃ = ξ.
  const double h_outer = 1, h_first = 3, h_second = -2;
  const double through_second = 2 * at(2, 2) * h_second;
  const double expected = 10 * (2 * h_outer + through_second) + 2 * at(1, 1) * (2 * h_first + through_second);
  EXPECT_EQ(reference::oracle_gradient<double>(three, estimates, {{0}, {{1}, {2}, {0}}}, FactorsAfter::at_inner)[2][0],
            expected);
}

TEST(ReferenceMcsgd, steps_against_the_gradient_at_the_new_estimates) {
  reference::CompositionalProblem<double> problem = two;
  std::vector<Values> estimates = {{0}, {0}};
  reference::mcsgd_step<double>(problem, estimates, {{0}, {1}}, {{0}, {{1}, {0}}}, 1.0, 0.5);
  EXPECT_EQ(estimates, (std::vector<Values>{{4}, {9}}));
  // F̂₂ puts out 11 and 15: g₁ = 11, g₂ = 10·1 + 2·15·3.
  EXPECT_EQ(problem.parameters, (std::vector<Values>{{4.5}, {-48}}));
}

TEST(ReferenceMcsgd, runs_on_a_number_type_without_comparisons) {
  using dual_number::Dual;
  reference::CompositionalProblem<Dual> problem = adders<Dual>({{Dual(10)}, {Dual(2)}}, {{Dual(1.0, 1.0)}, {Dual(3)}});
  std::vector<std::vector<Dual>> estimates = {{Dual(0)}, {Dual(0)}};
  reference::mcsgd_step<Dual>(problem, estimates, {{1}, {0}}, {{1}, {{1}, {0}}}, Dual(1), Dual(1));
  // ê₂ = ξ₀², so that F̂₂ puts out 2·3 + ξ₀² = 7 and g₁ = 7, with slope 2.
  EXPECT_EQ(problem.parameters[0][0].value, 3);
  EXPECT_EQ(problem.parameters[0][0].slope, -2);
}

}  // namespace
