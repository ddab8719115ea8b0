// Is the compact gradient of batch normalization its derivative?
#include "theory/gradients/batch_norm_compact.hpp"

#include <gtest/gtest.h>

#include "tests/theory/batch_norm_definition.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::TrainingBatch;

TEST(CompactInputGradient, is_the_exact_derivative_of_the_definition) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  EXPECT_EQ(text(theory::compact_input_gradient(b)), text(batch_norm_derivative(b)));
}

TEST(CompactInputGradient, is_the_one_computed_by_hand) {
  TrainingBatch<double> b;
  b.x = matrix_of<double>(2, 1, {0, 2});
  b.dy = matrix_of<double>(2, 1, {1, 0});
  b.gamma = vector_of<double>({4});
  b.beta = vector_of<double>({9});
  b.eps = 3.0;  // s = 2, x_hat = ∓1/2, mean(dy) = 1/2, mean(dy·x_hat) = −1/4
  const Matrix<double> dx = theory::compact_input_gradient(b);
  EXPECT_EQ(dx(0, 0), 2 * (1.0 - 0.5 - 0.125));
  EXPECT_EQ(dx(1, 0), 2 * (0.0 - 0.5 + 0.125));
}

TEST(CompactInputGradient, sums_to_zero_over_the_batch) {
  const Matrix<Fraction> dx = theory::compact_input_gradient(exact_batch<Fraction>());
  for (int j = 0; j < 2; ++j) EXPECT_EQ((dx(0, j) + dx(1, j) + dx(2, j) + dx(3, j)).text(), "0/1");
}

TEST(CompactInputGradient, vanishes_for_a_single_sample) {
  TrainingBatch<Fraction> b = exact_batch<Fraction>();
  b.x = matrix_of<Fraction>(1, 2, {5, -3});
  b.dy = matrix_of<Fraction>(1, 2, {2, 7});
  b.eps = Fraction(4);
  EXPECT_EQ(text(theory::compact_input_gradient(b)), "0/1 0/1 ; ");
}

TEST(CompactInputGradient, vanishes_for_two_samples_at_eps_zero) {
  TrainingBatch<Fraction> b = exact_batch<Fraction>();
  b.x = matrix_of<Fraction>(2, 2, {5, -3, 9, 7});
  b.dy = matrix_of<Fraction>(2, 2, {2, 7, -4, 1});
  b.eps = Fraction(0);
  EXPECT_EQ(text(theory::compact_input_gradient(b)), "0/1 0/1 ; 0/1 0/1 ; ");
}

TEST(CompactInputGradient, of_a_constant_channel_is_the_centred_upstream) {
  TrainingBatch<Fraction> b = exact_batch<Fraction>();
  b.x = matrix_of<Fraction>(2, 2, {5, 6, 5, 6});
  b.dy = matrix_of<Fraction>(2, 2, {2, 7, -4, 1});
  b.eps = Fraction(4);  // gamma/s = 1 and −3/2
  EXPECT_EQ(text(theory::compact_input_gradient(b)), "3/1 -9/2 ; -3/1 9/2 ; ");
  EXPECT_EQ(text(theory::compact_input_gradient(b)), text(batch_norm_derivative(b)));
}

TEST(CompactInputGradient, ignores_beta_and_is_linear_in_gamma) {
  TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const Matrix<Fraction> dx = theory::compact_input_gradient(b);
  for (int j = 0; j < 2; ++j) {
    b.beta(j) += Fraction(11);
    b.gamma(j) *= Fraction(0);
  }
  EXPECT_EQ(text(theory::compact_input_gradient(b)), "0/1 0/1 ; 0/1 0/1 ; 0/1 0/1 ; 0/1 0/1 ; ");
  EXPECT_NE(text(dx), text(theory::compact_input_gradient(b)));
}

TEST(ParameterGradients, are_those_computed_by_hand) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  EXPECT_EQ(text(theory::gamma_gradient(b)), "7/4 -27/4 ");  // −3 + 3/4 + 3 + 1 and −1 − 5 + 3/2 − 9/4
  EXPECT_EQ(text(theory::beta_gradient(b)), "7/1 9/1 ");
}

TEST(ParameterGradients, are_the_exact_derivatives_of_the_definition) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  Matrix<Dual> x(4, 2);
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 2; ++j) x(i, j) = constant(b.x(i, j));
  TrainingBatch<Fraction> moved = b;  // ℓ is affine in gamma and beta, so a difference of 1 is the derivative
  for (int j = 0; j < 2; ++j) moved.gamma(j) += Fraction(1);
  const Matrix<Dual> y = batch_norm_by_definition(x, b);
  const Matrix<Dual> y_gamma = batch_norm_by_definition(x, moved);
  moved = b;
  for (int j = 0; j < 2; ++j) moved.beta(j) += Fraction(1);
  const Matrix<Dual> y_beta = batch_norm_by_definition(x, moved);
  for (int j = 0; j < 2; ++j) {
    Fraction by_gamma(0);
    Fraction by_beta(0);
    for (int i = 0; i < 4; ++i) {
      by_gamma += b.dy(i, j) * (y_gamma(i, j).value - y(i, j).value);
      by_beta += b.dy(i, j) * (y_beta(i, j).value - y(i, j).value);
    }
    EXPECT_EQ(theory::gamma_gradient(b)(j).text(), by_gamma.text());
    EXPECT_EQ(theory::beta_gradient(b)(j).text(), by_beta.text());
  }
}

}  // namespace
}  // namespace normproof::theory_tests
