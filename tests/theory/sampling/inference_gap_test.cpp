// Do the closed forms of the gap between training and inference agree with minibatches counted by hand?
#include "theory/sampling/inference_gap.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Draws;
using theory::Matrix;

TEST(ExpectedDeviation, averages_the_minibatches_that_contain_the_sample) {
  // 5 with 0 or with 1: 5/2 and 2.
  const Matrix<Fraction> population = matrix_of<Fraction>(3, 1, {0, 1, 5});
  EXPECT_EQ(theory::expected_deviation(population, 2, 2, Draws::without_replacement).text(), "9/4");
  // … or with 5 itself: 0.
  EXPECT_EQ(theory::expected_deviation(population, 2, 2, Draws::with_replacement).text(), "3/2");
}

TEST(ExpectedDeviation, is_the_deviation_where_the_minibatch_is_the_population) {
  const Matrix<Fraction> population = matrix_of<Fraction>(3, 1, {0, 1, 5});
  EXPECT_EQ(theory::expected_deviation(population, 2, 3, Draws::without_replacement).text(), "3/1");
}

TEST(ExpectedDeviation, refuses_two_draws_of_one_sample_without_replacement) {
  EXPECT_THROW(theory::expected_deviation(matrix_of<Fraction>(1, 1, {3}), 0, 1, Draws::without_replacement),
               std::invalid_argument);
}

TEST(InferenceOutput, normalizes_by_the_population_mean_and_the_given_variance) {
  const Matrix<Fraction> population = matrix_of<Fraction>(3, 1, {0, 1, 5});
  EXPECT_EQ(theory::inference_output(population, 2, Fraction(3), Fraction(4), Fraction(-1), Fraction(1)).text(), "5/1");
}

TEST(SecondOrderGap, of_a_population_of_two_is_what_the_parts_say) {
  // Deviations ±1, s = 1: L = −1, Q = ±1/2, and X² = σ² leaves nothing else.
  const Matrix<Fraction> population = matrix_of<Fraction>(2, 1, {4, 2});
  const theory::SecondOrderGap<Fraction> gap = theory::second_order_gap(population, 0, Fraction(0));
  EXPECT_EQ(gap.own.text(), "-1/1");
  EXPECT_EQ(gap.own_square.text(), "1/2");
  EXPECT_EQ(gap.fluctuation.text(), "1/2");
  EXPECT_EQ(theory::value(gap, 2).text(), "-1/4");  // −1/2 + 1/8 + 1/8
}

TEST(SecondOrderGap, keeps_the_skewness_of_the_population_for_a_sample_at_the_mean) {
  // Deviations 0, −1, −1, 2: μ_3 = 3/2, σ² = 3/2, ε = 5/2, s = 2.
  const Matrix<Fraction> population = matrix_of<Fraction>(4, 1, {7, 6, 6, 9});
  const theory::SecondOrderGap<Fraction> gap = theory::second_order_gap(population, 0, Fraction(5) / Fraction(2));
  EXPECT_EQ(gap.own.text(), "0/1");
  EXPECT_EQ(gap.own_square.text(), "0/1");
  EXPECT_EQ(gap.fluctuation.text(), "3/32");
}

}  // namespace
}  // namespace normproof::theory_tests
