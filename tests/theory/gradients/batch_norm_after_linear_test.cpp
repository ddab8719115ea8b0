// Do the formulas for rescaled weights give what a reader computes by hand?
#include "theory/gradients/batch_norm_after_linear.hpp"

#include <gtest/gtest.h>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::TrainingBatch;

// u = (0, 1), w = 2: x = (0, 2), mean 1, s = 2, x_hat = ∓1/2.
TrainingBatch<double> one_unit() {
  TrainingBatch<double> b;
  b.x = theory::linear_output<double>(matrix_of<double>(2, 1, {0, 1}), matrix_of<double>(1, 1, {2}));
  b.dy = matrix_of<double>(2, 1, {1, 0});
  b.gamma = vector_of<double>({4});
  b.beta = vector_of<double>({9});
  b.eps = 3.0;
  return b;
}

TEST(LinearOutput, is_u_times_the_transposed_weights) {
  const Matrix<Fraction> x =
      theory::linear_output<Fraction>(matrix_of<Fraction>(2, 2, {1, 2, 3, 4}), matrix_of<Fraction>(1, 2, {5, -1}));
  EXPECT_EQ(text(x), text(matrix_of<Fraction>(2, 1, {3, 11})));
}

TEST(LinearOutput, refuses_weights_of_another_width) {
  EXPECT_THROW(theory::linear_output<double>(matrix_of<double>(1, 2, {1, 2}), matrix_of<double>(1, 1, {2})),
               std::invalid_argument);
}

TEST(WeightGradient, is_the_one_computed_by_hand) {
  // ∂ℓ/∂x_2 = (4/2)(0 − 1/2 + 1/8)
  EXPECT_EQ(theory::weight_gradient<double>(one_unit(), matrix_of<double>(2, 1, {0, 1}))(0, 0), -0.75);
}

TEST(RadialDerivative, is_the_weight_times_its_gradient) {
  EXPECT_EQ(theory::radial_derivative(one_unit())(0), 2 * -0.75);
}

TEST(RadialDerivative, is_zero_at_eps_zero) {
  TrainingBatch<double> b = one_unit();
  b.eps = 0;
  EXPECT_EQ(theory::radial_derivative(b)(0), 0.0);
}

TEST(ChangeByRescaling, is_the_difference_of_two_outputs) {
  // x = (0, 1), eps = 12: s = 7/2, x_hat = ∓1/7; 4x: s = 4, x_hat = ∓1/2.
  TrainingBatch<Fraction> b;
  b.x = matrix_of<Fraction>(2, 1, {0, 1});
  b.dy = matrix_of<Fraction>(2, 1, {0, 0});
  b.gamma = vector_of<Fraction>({14});
  b.beta = vector_of<Fraction>({9});
  b.eps = Fraction(12);
  EXPECT_EQ(text(theory::change_by_rescaling(b, Fraction(4))), text(matrix_of<Fraction>(2, 1, {-5, 5})));
}

}  // namespace
}  // namespace normproof::theory_tests
