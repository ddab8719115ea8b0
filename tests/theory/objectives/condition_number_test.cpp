// Are the matrices of the least-squares objective and their condition number right on data computed by hand?
#include "theory/objectives/condition_number.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;

TEST(SecondMoments, hold_the_constant_as_the_last_feature) {
  const Matrix<Fraction> x = matrix_of<Fraction>(2, 1, {1, 3});
  EXPECT_EQ(text(theory::second_moments(x)), "5/1 2/1 ; 2/1 1/1 ; ");
}

TEST(Covariance, is_that_of_the_centred_features) {
  const Matrix<Fraction> x = matrix_of<Fraction>(4, 3, {1, 2, 2, 1, -1, -1, -1, -1, 0, -1, 0, -1});
  EXPECT_EQ(text(theory::covariance(x)), "1/1 1/2 1/2 ; 1/2 3/2 5/4 ; 1/2 5/4 3/2 ; ");
  Matrix<Fraction> moved = x;
  for (int i = 0; i < 4; ++i) moved(i, 1) += Fraction(7);
  EXPECT_EQ(text(theory::covariance(moved)), text(theory::covariance(x)));
}

TEST(Correlation, has_a_unit_diagonal_and_ignores_scales) {
  const Matrix<Fraction> x = matrix_of<Fraction>(4, 2, {0, -5, 3, -5, 4, 5, 7, 5});
  const Matrix<Fraction> r = theory::correlation(x);  // variances 25/4 and 25, covariance 10
  EXPECT_EQ(text(r), "1/1 4/5 ; 4/5 1/1 ; ");
}

TEST(TraceSquaredOverDeterminant, is_kappa_and_its_inverse_and_two) {
  EXPECT_EQ(theory::trace_squared_over_determinant(matrix_of<Fraction>(2, 2, {2, 1, 1, 2})).text(), "16/3");  // κ = 3
  EXPECT_THROW(theory::trace_squared_over_determinant(matrix_of<Fraction>(1, 1, {2})), std::invalid_argument);
}

TEST(ConditionNumberOfTwo, is_the_ratio_of_the_eigenvalues) {
  EXPECT_EQ(theory::condition_number_of_two(matrix_of<Fraction>(2, 2, {2, 1, 1, 2})).text(), "3/1");
  EXPECT_EQ(theory::condition_number_of_two(matrix_of<Fraction>(2, 2, {1, 0, 0, 4})).text(), "4/1");
  EXPECT_THROW(theory::condition_number_of_two(matrix_of<Fraction>(1, 1, {2})), std::invalid_argument);
}

TEST(QuadraticForm, sums_over_all_pairs) {
  const auto v = vector_of<Fraction>({1, -2});
  EXPECT_EQ(theory::quadratic_form(matrix_of<Fraction>(2, 2, {2, 1, 1, 3}), v).text(), "10/1");
  EXPECT_THROW(theory::quadratic_form(matrix_of<Fraction>(1, 1, {2}), v), std::invalid_argument);
}

TEST(ConditionNumber, of_a_diagonal_matrix_is_the_quotient_of_its_extremes) {
  EXPECT_EQ(theory::condition_number(matrix_of<double>(3, 3, {2, 0, 0, 0, 8, 0, 0, 0, 4})), 4.0);
  EXPECT_EQ(theory::condition_number(matrix_of<double>(1, 1, {5})), 1.0);
}

TEST(ConditionNumber, rises_by_normalizing_where_the_claim_says_so) {
  const Matrix<double> x = matrix_of<double>(4, 3, {1, 2, 2, 1, -1, -1, -1, -1, 0, -1, 0, -1});
  // Eigenvalues 1/4, 3/4, 3, and 1/6, (17 ± √73)/12. Empirical tolerance: some hundred units in the last place.
  constexpr double tolerance = 1e-13;
  EXPECT_NEAR(theory::condition_number(theory::covariance(x)) / 12, 1, tolerance);
  EXPECT_NEAR(theory::condition_number(theory::second_moments(x)) / 12, 1, tolerance);
  EXPECT_NEAR(theory::condition_number(theory::correlation(x)) / ((17 + std::sqrt(73.0)) / 2), 1, tolerance);
}

TEST(ConditionNumber, keeps_its_accuracy_on_badly_scaled_matrices) {
  // D·[2 1; 1 2]·D, D = diag(1, 2⁻⁴⁰): det = 3·2⁻⁸⁰ and trace = 2 + 2⁻⁷⁹, so λ_max = 2 and λ_min = 3/2·2⁻⁸⁰ but for
  // 2⁻⁸⁰.
  const double d = std::ldexp(1.0, -40);
  Matrix<double> a(2, 2);
  a << 2, d, d, 2 * d * d;
  EXPECT_NEAR(theory::condition_number(a) / std::ldexp(4.0 / 3, 80), 1, 1e-13);
}

TEST(ConditionNumber, of_a_singular_matrix_is_infinite) {
  EXPECT_EQ(theory::condition_number(matrix_of<double>(2, 2, {1, 0, 0, 0})), std::numeric_limits<double>::infinity());
  EXPECT_THROW(theory::condition_number(matrix_of<double>(1, 2, {1, 0})), std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
