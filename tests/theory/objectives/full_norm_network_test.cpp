// Does a fully normalized network put out what can be computed by hand, layer after layer?
#include "theory/objectives/full_norm_network.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;

const auto identity = [](const Fraction& z) { return z; };
const auto no_eps = [](const Fraction& variance) { return variance; };

TEST(FullNormNetwork, normalizes_each_input_and_adds_the_bias) {
  // x_hat = −1, 1 in both columns; outputs 2·x_hat₁ + 3·x_hat₂ + 5 with x_hat₂ reversed
  const Matrix<Fraction> x = matrix_of<Fraction>(2, 2, {0, 8, 6, 2}), w = matrix_of<Fraction>(1, 3, {2, 3, 5});
  EXPECT_EQ(text(theory::full_norm_network_layer<Fraction>(x, w, identity, no_eps)), "6/1 ; 4/1 ; ");
}

TEST(FullNormNetwork, takes_the_statistics_of_each_layer_s_own_input) {
  // The hidden unit is ±3 + 1, normalized to ±1 again.
  const std::vector<Matrix<Fraction>> weights = {matrix_of<Fraction>(1, 2, {3, 1}), matrix_of<Fraction>(1, 2, {2, 7})};
  EXPECT_EQ(
      text(theory::full_norm_network<Fraction>(matrix_of<Fraction>(2, 1, {4, 6}), weights, identity, identity, no_eps)),
      "5/1 ; 9/1 ; ");
}

TEST(FullNormNetwork, uses_eps_as_the_caller_says) {
  const Matrix<Fraction> x = matrix_of<Fraction>(2, 1, {0, 2}), w = matrix_of<Fraction>(1, 2, {6, 0});
  const auto added = [](const Fraction& variance) { return variance + Fraction(3); };
  const auto clamped = [](const Fraction& variance) { return clamp_below(variance, Fraction(9)); };
  EXPECT_EQ(text(theory::full_norm_network_layer<Fraction>(x, w, identity, added)), "-3/1 ; 3/1 ; ");
  EXPECT_EQ(text(theory::full_norm_network_layer<Fraction>(x, w, identity, clamped)), "-2/1 ; 2/1 ; ");
}

TEST(MeanSquaredLoss, is_half_the_mean_over_samples) {
  EXPECT_EQ(theory::mean_squared_loss<Fraction>(matrix_of<Fraction>(2, 2, {1, 2, 3, 4}),
                                                matrix_of<Fraction>(2, 2, {1, 0, 0, 3}))
                .text(),
            "7/2");  // (4 + 9 + 1)/(2·2)
}

TEST(FullNormNetwork, refuses_shapes_that_do_not_fit) {
  const Matrix<double> x = matrix_of<double>(2, 1, {0, 2});
  const auto same = [](double z) { return z; };
  EXPECT_THROW(theory::full_norm_network_layer<double>(x, matrix_of<double>(1, 1, {1}), same, same),
               std::invalid_argument);
  EXPECT_THROW(theory::full_norm_network<double>(x, {}, same, same, same), std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
