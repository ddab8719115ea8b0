// Does the gradient-magnitude bound have exactly the gap that its proof sketch says?
#include "theory/smoothness/gradient_magnitude.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::theory_tests {
namespace {

using theory::GradientMagnitudeTerms;
using theory::Matrix;
using theory::TrainingBatch;

Fraction squared_input_gradient(const TrainingBatch<Fraction>& b, int channel) {
  const Matrix<Fraction> dx = theory::compact_input_gradient(b);
  Fraction sum(0);
  for (int i = 0; i < b.batch(); ++i) sum += dx(i, channel) * dx(i, channel);
  return sum;
}

TEST(GradientMagnitudeTerms, are_those_computed_by_hand) {
  const GradientMagnitudeTerms<Fraction> terms = theory::gradient_magnitude_terms(exact_batch<Fraction>(), 0);
  EXPECT_EQ(terms.scale.text(), "1/4");
  EXPECT_EQ(terms.squared_norm.text(), "27/1");
  EXPECT_EQ(terms.squared_sum.text(), "49/1");
  EXPECT_EQ(terms.squared_correlation.text(), "49/16");
}

TEST(GradientMagnitudeBound, exceeds_the_squared_gradient_by_eps_times_the_squared_root_over_the_batch) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  for (int j = 0; j < 2; ++j) {
    const Fraction bound = theory::gradient_magnitude_bound(theory::gradient_magnitude_terms(b, j), b.batch(),
                                                            Fraction(1) / Fraction(b.batch()));
    const Fraction root = theory::gradient_magnitude_gap_root(b, j);
    EXPECT_EQ((bound - squared_input_gradient(b, j)).text(), (b.eps * root * root / Fraction(b.batch())).text());
    EXPECT_NE(root.text(), "0/1");
  }
}

TEST(GradientMagnitudeBound, is_an_equality_at_eps_zero) {
  TrainingBatch<Fraction> b = exact_batch<Fraction>();
  b.x = matrix_of<Fraction>(4, 2, {8, 4, 2, 6, 2, 4, 8, 6});  // variances 9 and 1
  b.eps = Fraction(0);
  for (int j = 0; j < 2; ++j)
    EXPECT_EQ(
        theory::gradient_magnitude_bound(theory::gradient_magnitude_terms(b, j), 4, Fraction(1) / Fraction(4)).text(),
        squared_input_gradient(b, j).text());
}

TEST(GradientMagnitudeBound, with_one_over_the_root_of_the_batch_is_too_small_at_eps_zero) {
  TrainingBatch<Fraction> b = exact_batch<Fraction>();
  b.x = matrix_of<Fraction>(4, 2, {8, 4, 2, 6, 2, 4, 8, 6});
  b.eps = Fraction(0);
  const Fraction bound =
      theory::gradient_magnitude_bound(theory::gradient_magnitude_terms(b, 1), 4, Fraction(1) / Fraction(2));
  EXPECT_TRUE(squared_input_gradient(b, 1).exceeds(bound));
}

TEST(GradientMagnitudeBound, is_the_one_computed_by_hand_in_double) {
  const GradientMagnitudeTerms<double> terms = theory::gradient_magnitude_terms(exact_batch<double>(), 0);
  EXPECT_EQ(theory::gradient_magnitude_bound(terms, 4, 0.25), 0.25 * (27 - 12.25 - 49.0 / 64));
}

TEST(GradientMagnitudeTerms, refuse_a_channel_that_is_not_there) {
  const TrainingBatch<double> b = exact_batch<double>();
  EXPECT_THROW(theory::gradient_magnitude_terms(b, 2), std::invalid_argument);
  EXPECT_THROW(theory::gradient_magnitude_gap_root(b, -1), std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
