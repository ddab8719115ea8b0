// Are the quadratic form of the loss Hessian before batch norm and its two bounds those computed by hand?
#include "theory/smoothness/hessian_form.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::TrainingBatch;
using theory::Vector;

// Channel 0 of exact_batch: x_hat = −1, −3/4, 3/4, 1, s = 4, gamma = 2, ⟨dy, x_hat⟩ = 7/4.
Matrix<Fraction> only_the_first_entry() {
  return matrix_of<Fraction>(4, 4, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}
Matrix<Fraction> some_symmetric() {
  return matrix_of<Fraction>(4, 4, {1, 2, 0, 1, 2, -1, 3, 0, 0, 3, 2, 1, 1, 0, 1, 4});
}

TEST(HessianForm, is_the_one_computed_by_hand) {
  const Vector<Fraction> v = vector_of<Fraction>({1, 0, 0, -1});
  EXPECT_EQ(theory::hessian_form(exact_batch<Fraction>(), 0, only_the_first_entry(), v).text(), "47/128");
}

TEST(HessianForm, vanishes_along_the_ones) {
  const Vector<Fraction> ones = vector_of<Fraction>({1, 1, 1, 1});
  EXPECT_EQ(theory::hessian_form(exact_batch<Fraction>(), 0, some_symmetric(), ones).text(), "0/1");
}

TEST(HessianForm, is_the_first_bound_along_directions_orthogonal_to_the_ones_and_to_x_hat) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const Vector<Fraction> v = vector_of<Fraction>({1, -1, -1, 1});
  const Vector<Fraction> g = b.dy.col(0);
  EXPECT_EQ(theory::hessian_form(b, 0, some_symmetric(), v).text(),
            theory::hessian_bound(b, 0, some_symmetric(), g, v).text());
}

TEST(HessianForm, is_the_first_bound_along_the_gradient_at_eps_zero_alone) {
  TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const Vector<Fraction> g = b.dy.col(0);
  const Vector<Fraction> with_eps = theory::compact_input_gradient(b).col(0);
  EXPECT_NE(theory::hessian_form(b, 0, some_symmetric(), with_eps).text(),
            theory::hessian_bound(b, 0, some_symmetric(), g, with_eps).text());
  b.x = matrix_of<Fraction>(4, 2, {8, 4, 2, 6, 2, 4, 8, 6});  // variances 9 and 1
  b.eps = Fraction(0);
  const Vector<Fraction> d = theory::compact_input_gradient(b).col(0);
  EXPECT_EQ(theory::hessian_form(b, 0, some_symmetric(), d).text(),
            theory::hessian_bound(b, 0, some_symmetric(), g, d).text());
}

TEST(HessianBounds, are_those_computed_by_hand) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const Vector<Fraction> v = vector_of<Fraction>({1, 0, 0, -1}), g = b.dy.col(0);
  EXPECT_EQ(theory::hessian_bound(b, 0, only_the_first_entry(), g, v).text(), "9/64");
  EXPECT_EQ(theory::second_hessian_bound(b, 0, only_the_first_entry(), g, v).text(), "137/64");
}

TEST(HessianForm, refuses_a_direction_of_another_length_and_a_channel_that_is_not_there) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  EXPECT_THROW(theory::hessian_form(b, 0, some_symmetric(), vector_of<Fraction>({1, 2})), std::invalid_argument);
  EXPECT_THROW(theory::hessian_form(b, 2, some_symmetric(), vector_of<Fraction>({1, 0, 0, 0})), std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
