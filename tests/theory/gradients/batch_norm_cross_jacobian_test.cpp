// Is the cross-Jacobian the entry of the input gradient that it names?
#include "theory/gradients/batch_norm_cross_jacobian.hpp"

#include <gtest/gtest.h>

#include "tests/theory/exact_number.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::theory_tests {
namespace {

using theory::TrainingBatch;

TEST(CrossJacobian, is_the_gradient_by_one_sample_of_the_output_of_another) {
  TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const theory::Statistics<Fraction> st = theory::statistics(b);
  for (int i = 0; i < 4; ++i) {
    b.dy = theory::zero_matrix<Fraction>(4, 2);
    b.dy(i, 0) = Fraction(1);
    const theory::Matrix<Fraction> dx = theory::compact_input_gradient(b);
    for (int k = 0; k < 4; ++k) {
      if (k == i) continue;
      EXPECT_EQ(theory::cross_jacobian(b, st, i, k, 0).text(), dx(k, 0).text());
    }
  }
}

TEST(CrossJacobian, is_zero_for_two_samples_at_eps_zero) {
  TrainingBatch<double> b;
  b.x = matrix_of<double>(2, 1, {0, 2});
  b.dy = matrix_of<double>(2, 1, {0, 0});
  b.gamma = vector_of<double>({4});
  b.beta = vector_of<double>({9});
  b.eps = 0;
  EXPECT_EQ(theory::cross_jacobian(b, theory::statistics(b), 0, 1, 0), 0.0);
}

}  // namespace
}  // namespace normproof::theory_tests
