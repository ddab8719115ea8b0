// Do the laws of minibatch statistics give what enumerating the minibatches of a small population gives?
#include "theory/sampling/minibatch_statistics.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Draws;
using theory::Matrix;

// Mean 2, variance 14/3.
Matrix<Fraction> three_samples() { return matrix_of<Fraction>(3, 1, {0, 1, 5}); }

TEST(MinibatchStatistics, without_replacement_average_the_three_pairs) {
  // Pairs (0, 1), (0, 5), (1, 5): variances 1/4, 25/4, 4; means 1/2, 5/2, 3 about 2.
  EXPECT_EQ(theory::expected_variance(three_samples(), 2, Draws::without_replacement).text(), "7/2");
  EXPECT_EQ(theory::variance_of_the_mean(three_samples(), 2, Draws::without_replacement).text(), "7/6");
}

TEST(MinibatchStatistics, with_replacement_count_the_three_equal_pairs_too) {
  // Of nine pairs three have variance 0, the others are those above twice: (2/9)(1/4 + 25/4 + 4).
  EXPECT_EQ(theory::expected_variance(three_samples(), 2, Draws::with_replacement).text(), "7/3");
  EXPECT_EQ(theory::variance_of_the_mean(three_samples(), 2, Draws::with_replacement).text(), "7/3");
}

TEST(MinibatchStatistics, of_the_whole_population_do_not_vary) {
  EXPECT_EQ(theory::expected_variance(three_samples(), 3, Draws::without_replacement).text(), "14/3");
  EXPECT_EQ(theory::variance_of_the_mean(three_samples(), 3, Draws::without_replacement).text(), "0/1");
}

TEST(MinibatchStatistics, of_one_sample_have_no_variance_inside) {
  for (const Draws draws : {Draws::with_replacement, Draws::without_replacement}) {
    EXPECT_EQ(theory::expected_variance(three_samples(), 1, draws).text(), "0/1");
    EXPECT_EQ(theory::variance_of_the_mean(three_samples(), 1, draws).text(), "14/3");
  }
}

TEST(MinibatchStatistics, refuse_to_draw_two_of_one_sample_without_replacement) {
  EXPECT_THROW(theory::expected_variance(matrix_of<Fraction>(1, 1, {3}), 1, Draws::without_replacement),
               std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
