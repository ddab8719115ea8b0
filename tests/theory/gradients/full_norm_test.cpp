// Is the full normalization gradient the derivative of the layer, per feature and over the block, clamped and not?
#include "theory/gradients/full_norm.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::TrainingBatch;

// LL19 Algorithm 3's forward pass at α = 1, statistics over groups of `group` neighbouring columns.
Matrix<Dual> full_norm_by_definition(const Matrix<Dual>& x, const Fraction& eps, int group) {
  const int batch = static_cast<int>(x.rows());
  const int channels = static_cast<int>(x.cols());
  Matrix<Dual> y(batch, channels);
  for (int first = 0; first < channels; first += group) {
    Dual mean(0);
    Dual mean_of_square(0);
    for (int j = first; j < first + group; ++j)
      for (int i = 0; i < batch; ++i) {
        mean += x(i, j) / Dual(batch * group);
        mean_of_square += x(i, j) * x(i, j) / Dual(batch * group);
      }
    const Dual root = sqrt(clamp_below(mean_of_square - mean * mean, constant(eps)));
    for (int j = first; j < first + group; ++j)
      for (int i = 0; i < batch; ++i) y(i, j) = (x(i, j) - mean) / root;
  }
  return y;
}

Matrix<Fraction> exact_derivative(const Matrix<Fraction>& b_in, const Matrix<Fraction>& g_out, const Fraction& eps,
                                  int group) {
  return derivative_of(b_in, g_out,
                       [&eps, group](const Matrix<Dual>& x) { return full_norm_by_definition(x, eps, group); });
}

// Per feature the variances are 9 and 1; over the block the mean is 3 and the variance 9.
Matrix<Fraction> per_feature_input() { return matrix_of<Fraction>(4, 2, {8, 4, 2, 6, 2, 4, 8, 6}); }
Matrix<Fraction> block_input() { return matrix_of<Fraction>(2, 2, {0, 0, 6, 6}); }
Matrix<Fraction> upstream() { return matrix_of<Fraction>(4, 2, {3, -1, -1, 5, 4, 2, 1, 3}); }

TEST(FullNormInputGradient, is_the_exact_derivative_where_the_clamp_is_inactive) {
  const Fraction eps = Fraction(1) / Fraction(2);
  EXPECT_EQ(text(theory::full_norm_input_gradient(per_feature_input(), upstream(), eps)),
            text(exact_derivative(per_feature_input(), upstream(), eps, 1)));
}

TEST(FullNormInputGradient, is_the_exact_derivative_where_the_clamp_is_active_in_one_feature) {
  const Fraction eps(4);
  const Matrix<Fraction> g_in = theory::full_norm_input_gradient(per_feature_input(), upstream(), eps);
  EXPECT_EQ(text(g_in), text(exact_derivative(per_feature_input(), upstream(), eps, 1)));
  for (int i = 0; i < 4; ++i)  // the clamped feature: (g − mean(g))/√eps, and nothing else
    EXPECT_EQ(g_in(i, 1).text(), ((upstream()(i, 1) - Fraction(9) / Fraction(4)) / Fraction(2)).text());
}

TEST(FullNormInputGradient, is_batch_normalization_at_eps_zero_where_the_clamp_is_inactive) {
  TrainingBatch<Fraction> b;
  b.x = per_feature_input();
  b.dy = upstream();
  b.gamma = vector_of<Fraction>({1, 1});
  b.beta = vector_of<Fraction>({0, 0});
  b.eps = Fraction(0);
  EXPECT_EQ(text(theory::full_norm_input_gradient(b.x, b.dy, Fraction(1) / Fraction(2))),
            text(theory::compact_input_gradient(b)));
}

TEST(FullNormInputGradient, of_a_single_sample_vanishes) {
  const Matrix<double> g_in =
      theory::full_norm_input_gradient(matrix_of<double>(1, 2, {5, 6}), matrix_of<double>(1, 2, {1, 2}), 0.25);
  EXPECT_EQ(g_in(0, 0), 0.0);
  EXPECT_EQ(g_in(0, 1), 0.0);
}

TEST(FullNormInputGradient, counts_the_kink_as_clamped) {
  const Fraction variance_of_second_feature(1);
  const Matrix<Fraction> g_in =
      theory::full_norm_input_gradient(per_feature_input(), upstream(), variance_of_second_feature);
  EXPECT_EQ(g_in(0, 1).text(), (Fraction(-1) - Fraction(9) / Fraction(4)).text());
}

TEST(FullNormBlockInputGradient, is_the_exact_derivative_with_the_clamp_inactive_and_active) {
  const Matrix<Fraction> g = matrix_of<Fraction>(2, 2, {3, -1, 4, 2});
  EXPECT_EQ(text(theory::full_norm_block_input_gradient(block_input(), g, Fraction(1))),
            text(exact_derivative(block_input(), g, Fraction(1), 2)));
  EXPECT_EQ(text(theory::full_norm_block_input_gradient(block_input(), g, Fraction(16))),
            text(exact_derivative(block_input(), g, Fraction(16), 2)));
}

TEST(FullNormBlockInputGradient, is_the_one_computed_by_hand) {
  // μ = 3, ν − μ² = 9, x_hat = −1, −1, 1, 1; mean(g) = 2; mean(g·x_hat) = 1; (g − 2 − x_hat)/3
  const Matrix<Fraction> g_in =
      theory::full_norm_block_input_gradient(block_input(), matrix_of<Fraction>(2, 2, {3, -1, 4, 2}), Fraction(1));
  EXPECT_EQ(text(g_in), "2/3 -2/3 ; 1/3 -1/3 ; ");
}

TEST(FullNormBlockInputGradient, equals_the_per_feature_one_for_a_single_feature) {
  const Matrix<double> x = matrix_of<double>(3, 1, {1, 4, 9});
  const Matrix<double> g = matrix_of<double>(3, 1, {2, -1, 5});
  EXPECT_TRUE((theory::full_norm_input_gradient(x, g, 0.5) == theory::full_norm_block_input_gradient(x, g, 0.5)).all());
}

TEST(FullNormBlockInputGradient, refuses_shapes_that_do_not_fit) {
  const Matrix<double> x = matrix_of<double>(2, 1, {1, 4});
  EXPECT_THROW(theory::full_norm_block_input_gradient(x, matrix_of<double>(1, 1, {1}), 1.0), std::invalid_argument);
  EXPECT_THROW(theory::full_norm_input_gradient(Matrix<double>(0, 1), Matrix<double>(0, 1), 1.0),
               std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
