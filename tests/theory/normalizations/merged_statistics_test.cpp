// Do counts, means and variances of parts give the mean and variance of the whole?
#include "theory/normalizations/merged_statistics.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

// −1, 1, 3, 6: mean 9/4, biased variance 107/16.
theory::Matrix<Fraction> four_rows() {
  theory::Matrix<Fraction> x(4, 1);
  x(0, 0) = Fraction(-1);
  x(1, 0) = Fraction(1);
  x(2, 0) = Fraction(3);
  x(3, 0) = Fraction(6);
  return x;
}

theory::MergedStatistics<Fraction> merged(const std::vector<int>& counts) {
  std::vector<theory::PartOfBatch<Fraction>> parts;
  int first = 0;
  for (const int count : counts) {
    parts.push_back(theory::part_of_batch(four_rows(), first, count));
    first += count;
  }
  return theory::merged_statistics(parts);
}

TEST(MergedStatistics, are_those_of_the_whole_for_every_partition) {
  for (const auto& counts : std::vector<std::vector<int>>{{4}, {2, 2}, {1, 3}, {0, 1, 0, 3}, {1, 1, 1, 1}}) {
    const auto all = merged(counts);
    EXPECT_EQ(all.mean(0).text(), "9/4");
    EXPECT_EQ(all.biased_variance(0).text(), "107/16");
  }
}

TEST(MergedStatistics, of_equal_halves_are_averages_and_the_spread_of_the_means) {
  // Means 0 and 9/2, variances 1 and 9/4: 13/8 + 81/16.
  EXPECT_EQ(theory::part_of_batch(four_rows(), 2, 2).biased_variance(0).text(), "9/4");
  EXPECT_EQ(merged({2, 2}).biased_variance(0).text(), "107/16");
}

TEST(MergedStatistics, refuse_parts_without_a_sample) { EXPECT_THROW(merged({0, 0}), std::invalid_argument); }

}  // namespace
}  // namespace normproof::theory_tests
