// Is the closed form of the least-squares residual the minimum, and does full normalization leave it alone?
#include "theory/objectives/least_squares_residual.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::Vector;

Fraction mean_squared_error(const Matrix<Fraction>& features, const Vector<Fraction>& target, const Vector<Fraction>& w,
                            const Fraction& c) {
  Fraction sum(0);
  for (int i = 0; i < static_cast<int>(target.size()); ++i) {
    Fraction residual = target(i) - c;
    for (int k = 0; k < static_cast<int>(features.cols()); ++k) residual -= w(k) * features(i, k);
    sum += residual * residual;
  }
  return sum / Fraction(static_cast<int>(target.size()));
}

TEST(LeastSquaresResidual, without_features_is_the_variance) {
  EXPECT_EQ(theory::least_squares_residual(Matrix<Fraction>(4, 0), vector_of<Fraction>({1, 2, 8, 9})).text(), "25/2");
}

TEST(LeastSquaresResidual, with_one_feature_is_the_minimum_computed_by_hand) {
  // g = −1, 0, 1, t = 0, 0, 3: w = 3/2, c = 1, residuals 1/2, −1, 1/2
  EXPECT_EQ(
      theory::least_squares_residual(matrix_of<Fraction>(3, 1, {-1, 0, 1}), vector_of<Fraction>({0, 0, 3})).text(),
      "1/2");
}

TEST(LeastSquaresResidual, with_two_features_is_the_minimum_computed_by_hand) {
  // The features are orthogonal contrasts: the fit is w = (2, 1), c = 3, and an added third contrast is all that stays.
  const Matrix<Fraction> features = matrix_of<Fraction>(4, 2, {1, 1, -1, -1, 1, -1, -1, 1});
  const Vector<Fraction> exact_target = vector_of<Fraction>({6, 0, 4, 2});
  EXPECT_EQ(theory::least_squares_residual(features, exact_target).text(), "0/1");
  const Vector<Fraction> off_target = vector_of<Fraction>({7, 1, 3, 1});  // plus the contrast (1, 1, −1, −1)
  EXPECT_EQ(theory::least_squares_residual(features, off_target).text(), "1/1");
  EXPECT_EQ(mean_squared_error(features, off_target, vector_of<Fraction>({2, 1}), Fraction(3)).text(), "1/1");
}

TEST(LeastSquaresResidual, with_two_correlated_features_is_reached_and_not_undercut) {
  const Matrix<Fraction> features = matrix_of<Fraction>(3, 2, {0, 4, 3, 0, 3, 1});
  const Vector<Fraction> target = vector_of<Fraction>({2, 1, 5});
  EXPECT_EQ(theory::least_squares_residual(features, target).text(), "0/1");  // three parameters, three samples
  const Matrix<Fraction> taller = matrix_of<Fraction>(4, 2, {0, 4, 3, 0, 3, 1, 2, 3});
  const Vector<Fraction> taller_target = vector_of<Fraction>({2, 1, 5, 4});
  const Fraction least = theory::least_squares_residual(taller, taller_target);
  EXPECT_TRUE(least.exceeds(Fraction(0)));
  for (int w = -3; w <= 3; ++w)
    for (int v = -3; v <= 3; ++v)
      for (int c = -8; c <= 8; ++c)
        EXPECT_FALSE(
            least.exceeds(mean_squared_error(taller, taller_target, vector_of<Fraction>({w, v}), Fraction(c))));
}

TEST(LeastSquaresResidual, is_unchanged_by_any_invertible_affine_map_of_the_features) {
  const Matrix<Fraction> features = matrix_of<Fraction>(4, 2, {0, 4, 3, 0, 3, 1, 2, 3});
  const Vector<Fraction> target = vector_of<Fraction>({2, 1, 5, 4});
  Matrix<Fraction> mapped = features;
  for (int i = 0; i < 4; ++i) {
    mapped(i, 0) = (features(i, 0) - Fraction(2)) / Fraction(3);
    mapped(i, 1) = (features(i, 1) + Fraction(7)) / Fraction(-5);
  }
  EXPECT_EQ(theory::least_squares_residual(features, target).text(),
            theory::least_squares_residual(mapped, target).text());
}

TEST(LeastSquaresResidual, agrees_in_double) {
  const double residual =
      theory::least_squares_residual(matrix_of<double>(4, 1, {-1, 1, -1, 1}), vector_of<double>({0, 2, 4, 6}));
  EXPECT_EQ(residual, 4.0);  // variance 5, slope 1 on a feature of variance 1
}

TEST(LeastSquaresResidual, refuses_what_it_has_no_form_for) {
  EXPECT_THROW(theory::least_squares_residual(matrix_of<double>(1, 3, {1, 2, 3}), vector_of<double>({1})),
               std::invalid_argument);
  EXPECT_THROW(theory::least_squares_residual(matrix_of<double>(2, 1, {1, 2}), vector_of<double>({1})),
               std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
