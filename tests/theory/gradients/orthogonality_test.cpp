// Is the orthogonality defect what the input gradient shows?
#include "theory/gradients/orthogonality.hpp"

#include <gtest/gtest.h>

#include "tests/theory/exact_number.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::Statistics;
using theory::TrainingBatch;

TEST(OrthogonalityDefect, is_the_inner_product_of_x_hat_and_the_input_gradient) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const Statistics<Fraction> st = theory::statistics(b);
  const Matrix<Fraction> dx = theory::compact_input_gradient(b);
  for (int j = 0; j < 2; ++j) {
    Fraction sum(0);
    for (int i = 0; i < 4; ++i) sum += st.x_hat(i, j) * dx(i, j);
    EXPECT_EQ(theory::orthogonality_defect(b)(j).text(), sum.text());
    EXPECT_NE(sum.text(), "0/1");
  }
}

TEST(OrthogonalityDefect, is_the_one_computed_by_hand) {
  // 2 · (7/2) / 64 · (7/4) = 49/256
  EXPECT_EQ(theory::orthogonality_defect(exact_batch<Fraction>())(0).text(), "49/256");
}

TEST(OrthogonalityDefect, is_zero_at_eps_zero) {
  TrainingBatch<double> b = exact_batch<double>();
  b.eps = 0;
  EXPECT_EQ(theory::orthogonality_defect(b)(0), 0.0);
  EXPECT_EQ(theory::orthogonality_defect(b)(1), 0.0);
}

}  // namespace
}  // namespace normproof::theory_tests
