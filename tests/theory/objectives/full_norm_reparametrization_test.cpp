// Does the reparametrization map do what normalization does, and can it be undone?
#include "theory/objectives/full_norm_reparametrization.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::Statistics;
using theory::TrainingBatch;
using theory::Vector;

Vector<Fraction> means() { return vector_of<Fraction>({5, -2}); }
Vector<Fraction> variances() { return vector_of<Fraction>({12, 5}); }
const char* const identity_3 = "1/1 0/1 0/1 ; 0/1 1/1 0/1 ; 0/1 0/1 1/1 ; ";

TEST(ReparametrizationMap, is_the_one_computed_by_hand) {
  EXPECT_EQ(text(theory::reparametrization_map(means(), variances(), Fraction(4))),
            "1/4 0/1 -5/4 ; 0/1 1/3 2/3 ; 0/1 0/1 1/1 ; ");
}

TEST(ReparametrizationMap, is_undone_by_its_inverse_from_both_sides) {
  const Matrix<Fraction> map = theory::reparametrization_map(means(), variances(), Fraction(4));
  const Matrix<Fraction> inverse = theory::inverse_reparametrization_map(means(), variances(), Fraction(4));
  EXPECT_EQ(text(theory::reparametrize(map, inverse)), identity_3);
  EXPECT_EQ(text(theory::reparametrize(inverse, map)), identity_3);
}

TEST(ReparametrizationMap, has_the_product_of_its_diagonal_as_determinant) {
  EXPECT_EQ(theory::map_determinant(variances(), Fraction(4)).text(), "1/12");
}

TEST(ReparametrizationMap, sends_the_inputs_to_the_normalized_inputs) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const Statistics<Fraction> st = theory::statistics(b);
  const Matrix<Fraction> w = matrix_of<Fraction>(2, 3, {1, -2, 3, 4, 0, -5});
  const Matrix<Fraction> w_prime =
      theory::reparametrize(w, theory::reparametrization_map(st.mean, st.biased_variance, b.eps));
  for (int sample = 0; sample < 4; ++sample)
    for (int unit = 0; unit < 2; ++unit) {
      Fraction normalized = w(unit, 2);
      Fraction original = w_prime(unit, 2);
      for (int k = 0; k < 2; ++k) {
        normalized += w(unit, k) * st.x_hat(sample, k);
        original += w_prime(unit, k) * b.x(sample, k);
      }
      EXPECT_EQ(normalized.text(), original.text());
    }
}

TEST(ReparametrizationMap, exists_for_a_constant_input_only_with_eps) {
  const Vector<double> mean = vector_of<double>({3});
  const Vector<double> variance = vector_of<double>({0});
  EXPECT_EQ(theory::reparametrization_map(mean, variance, 0.25)(0, 0), 2.0);
  EXPECT_TRUE(std::isinf(theory::reparametrization_map(mean, variance, 0.0)(0, 0)));
  EXPECT_THROW(theory::reparametrization_map(vector_of<Fraction>({3}), vector_of<Fraction>({0}), Fraction(0)),
               std::domain_error);
}

TEST(ReparametrizationMap, of_no_input_is_the_bias_alone) {
  EXPECT_EQ(text(theory::reparametrization_map(vector_of<Fraction>({}), vector_of<Fraction>({}), Fraction(1))),
            "1/1 ; ");
  EXPECT_EQ(theory::map_determinant(vector_of<Fraction>({}), Fraction(1)).text(), "1/1");
}

TEST(ReparametrizationMap, refuses_lengths_that_do_not_fit) {
  EXPECT_THROW(theory::reparametrization_map(vector_of<double>({1}), vector_of<double>({1, 2}), 1.0),
               std::invalid_argument);
  EXPECT_THROW(theory::reparametrize(matrix_of<double>(1, 2, {1, 2}), matrix_of<double>(1, 1, {1})),
               std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
