// Does the reference move the layers before, and only these, between the two gradients that it compares?
#include "impl/reference/internal_covariate_shift.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

namespace reference = normproof::reference;
using reference::Activation;
using reference::LayerSpec;
using reference::Network;
using reference::Normalization;
using Values = std::vector<double>;

const LayerSpec plain{Normalization::none, Activation::identity, 1, 1};

// f(x) = w₂(w₁x + b₁) + b₂ at x = 1, target 0: ∂/∂w₂ = f·h, ∂/∂b₂ = f, h = w₁ + b₁.
const reference::StepBatch<double> step{{1}, {0}, 1};

TEST(InternalCovariateShift, compares_the_gradient_before_and_after_the_update_of_the_layers_before) {
  const Network<double> now{{plain, plain}, {{2, 1}, {3, 1}}};   // h = 3, f = 10
  const Network<double> next{{plain, plain}, {{1, 1}, {9, 9}}};  // h = 2, f = 7: layer 2 is not updated
  const auto pair = reference::layer_gradients(now, next, 1, step);
  EXPECT_EQ(pair.before, (Values{30, 10}));
  EXPECT_EQ(pair.after, (Values{14, 7}));
  EXPECT_EQ(reference::squared_shift(pair), 16 * 16 + 3 * 3);
  const auto first = reference::layer_gradients(now, next, 0, step);
  EXPECT_EQ(first.before, first.after);
}

TEST(InternalCovariateShift, cosine_is_one_and_the_norm_is_not_zero_where_only_the_length_changes) {
  const reference::GradientPair<double> pair{{3, 4}, {6, 8}};
  EXPECT_EQ(reference::gradient_cosine(pair), 1);
  EXPECT_EQ(reference::internal_covariate_shift(pair), 5);
}

TEST(InternalCovariateShift, one_by_one_update_uses_the_gradient_after_the_update_before) {
  const Network<double> now{{plain, plain}, {{1, 0}, {1, 0}}};  // h = f = 1, all gradients 1
  EXPECT_EQ(reference::simultaneous_update(now, step, 0.5).weights, (std::vector<Values>{{0.5, -0.5}, {0.5, -0.5}}));
  EXPECT_EQ(reference::one_by_one_update(now, step, 0.5).weights, (std::vector<Values>{{0.5, -0.5}, {1, 0}}));
}

TEST(InternalCovariateShift, li23_to_the_letter_puts_another_layer_in_the_next_place) {
  const Network<double> now{{plain, plain, plain}, {{2, 1}, {3, 1}, {1, 0}}};
  EXPECT_EQ(reference::gradient_as_printed_by_li23(now, now, 0, 1, step), (Values{30, 30}));
  EXPECT_EQ(reference::gradient_as_printed_by_li23(now, now, 0, 2, step), (Values{3, 3}));
}

}  // namespace
