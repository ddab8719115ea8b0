// Do the losses and their gradients have the values that their formulas give by hand?
#include "impl/reference/losses.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

namespace reference = normproof::reference;
using dual_number::Dual;
using reference::Loss;
using Values = std::vector<double>;

TEST(ReferenceLoss, squared_is_half_the_squared_distance) {
  EXPECT_EQ(reference::loss_value<double>(Loss::squared, Values{3, 1}, Values{1, 0}), 2.5);
  Values gradient(2);
  reference::loss_gradient<double>(Loss::squared, Values{3, 1}, Values{1, 0}, gradient);
  EXPECT_EQ(gradient, (Values{2, 1}));
}

TEST(ReferenceLoss, logistic_at_zero_is_log_two_with_slope_one_half_towards_the_label) {
  EXPECT_EQ(reference::loss_value<double>(Loss::logistic, Values{0}, Values{1}), std::log(2.0));
  Values gradient(1);
  reference::loss_gradient<double>(Loss::logistic, Values{0}, Values{1}, gradient);
  EXPECT_EQ(gradient, (Values{-0.5}));
  reference::loss_gradient<double>(Loss::logistic, Values{0}, Values{-1}, gradient);
  EXPECT_EQ(gradient, (Values{0.5}));
}

TEST(ReferenceLoss, logistic_far_on_the_wrong_side_is_linear) {
  EXPECT_EQ(reference::loss_value<double>(Loss::logistic, Values{-2000}, Values{1}), 2000.0);
}

TEST(ReferenceLoss, softmax_of_equal_outputs_is_the_log_of_their_number) {
  EXPECT_EQ(reference::loss_value<double>(Loss::softmax, Values{0, 0}, Values{1, 0}), std::log(2.0));
  Values gradient(2);
  reference::loss_gradient<double>(Loss::softmax, Values{0, 0}, Values{1, 0}, gradient);
  EXPECT_EQ(gradient, (Values{-0.5, 0.5}));
}

TEST(ReferenceLoss, softmax_does_not_overflow) {
  EXPECT_EQ(reference::loss_value<double>(Loss::softmax, Values{2000, 0, -2000}, Values{0, 1, 0}), 2000.0);
  EXPECT_EQ(reference::loss_value<double>(Loss::softmax, Values{-2000, 0, 2000}, Values{0, 0, 1}), 0.0);
}

TEST(ReferenceLoss, softmax_of_one_output_is_zero_with_zero_gradient) {
  EXPECT_EQ(reference::loss_value<double>(Loss::softmax, Values{3}, Values{1}), 0.0);
  Values gradient(1, 99.0);
  reference::loss_gradient<double>(Loss::softmax, Values{3}, Values{1}, gradient);
  EXPECT_EQ(gradient, (Values{0}));
}

TEST(ReferenceLoss, softmax_gradient_is_probability_minus_target) {
  const Values outputs{0.5, -1.0, 2.0, 0.25};
  const Values targets{0, 0, 1, 0};
  double total = 0.0;
  for (const double output : outputs) total += std::exp(output);
  Values gradient(4);
  reference::loss_gradient<double>(Loss::softmax, outputs, targets, gradient);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const double expected = std::exp(outputs[k]) / total - targets[k];
    EXPECT_LE(std::fabs(gradient[k] - expected), 1e-15 * 10);  // ten roundings below 1
  }
}

TEST(ReferenceLoss, softmax_value_is_the_negative_log_likelihood) {
  const Values outputs{0.5, -1.0, 2.0, 0.25};
  double total = 0.0;
  for (const double output : outputs) total += std::exp(output);
  const double expected = -std::log(std::exp(2.0) / total);
  const double value = reference::loss_value<double>(Loss::softmax, outputs, Values{0, 0, 1, 0});
  EXPECT_LE(std::fabs(value - expected), 1e-15 * 10);  // ten roundings below 3
}

TEST(ReferenceLoss, gradients_agree_with_dual_numbers_through_the_values) {
  const Values outputs{0.5, -1.0, 2.0, 0.25};
  const std::vector<Values> targets{{1, -0.5, 0, 2}, {1, -1, -1, 1}, {0.25, 0.5, 0.125, 0.5}};
  const std::vector<Loss> losses{Loss::squared, Loss::logistic, Loss::softmax};
  for (std::size_t kind = 0; kind < losses.size(); ++kind) {
    Values gradient(4);
    reference::loss_gradient<double>(losses[kind], outputs, targets[kind], gradient);
    for (std::size_t moved = 0; moved < outputs.size(); ++moved) {
      std::vector<Dual> dual_outputs;
      std::vector<Dual> dual_targets;
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        dual_outputs.emplace_back(outputs[k], k == moved ? 1.0 : 0.0);
        dual_targets.emplace_back(targets[kind][k], 0.0);
      }
      const Dual value = reference::loss_value<Dual>(losses[kind], dual_outputs, dual_targets);
      EXPECT_LE(std::fabs(value.slope - gradient[moved]), 1e-14)  // some dozen roundings on numbers below 3
          << "loss " << kind << " output " << moved;
    }
  }
}

}  // namespace
