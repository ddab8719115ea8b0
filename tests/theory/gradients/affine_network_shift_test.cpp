// Is the closed form of a gradient's shift that of a network small enough to work out by hand?
#include "theory/gradients/affine_network_shift.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace normproof {
namespace {

using Matrix = theory::Matrix<double>;

Matrix row(double weight, double bias) {
  Matrix out(1, 2);
  out << weight, bias;
  return out;
}
Matrix number(double value) { return Matrix::Constant(1, 1, value); }

// f(x) = w₂(w₁x + b₁) + b₂ at x = 1, target 0: ∂/∂w₂ = f·h, ∂/∂b₂ = f, h = w₁ + b₁.
TEST(AffineNetworkShift, is_the_difference_of_the_two_gradients) {
  const std::vector<Matrix> weights = {row(2, 1), row(3, 1)};  // h = 3, f = 10
  const std::vector<Matrix> updated = {row(1, 1), row(9, 9)};  // h = 2, f = 7
  const auto shift = theory::affine_network_shift<double>(weights, updated, 1, number(1), number(0));
  EXPECT_EQ(shift.gradient(0, 0), 30);
  EXPECT_EQ(shift.gradient(0, 1), 10);
  const Matrix change = theory::gradient_change(shift);
  EXPECT_EQ(change(0, 0), 30 - 14);
  EXPECT_EQ(change(0, 1), 10 - 7);
}

TEST(AffineNetworkShift, is_zero_for_the_first_layer) {
  const std::vector<Matrix> weights = {row(2, 1), row(3, 1)}, updated = {row(1, 1), row(9, 9)};
  const auto shift = theory::affine_network_shift<double>(weights, updated, 0, number(1), number(0));
  EXPECT_EQ(shift.gradient(0, 0), 30);
  EXPECT_EQ(theory::gradient_change(shift)(0, 0), 0);
}

TEST(AffineNetworkShift, refuses_a_layer_that_is_not_there) {
  const std::vector<Matrix> weights = {row(2, 1)};
  EXPECT_THROW(theory::affine_network_shift<double>(weights, weights, 1, number(1), number(0)), std::invalid_argument);
}

}  // namespace
}  // namespace normproof
