// Do the worst sums compute what they say, is none worse among small trees, and are the excesses those of listed trees?
#include "proofs_checks/rounding/worst_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "proofs_checks/numbers/few_bits.hpp"

namespace normproof::rounding {
namespace {

struct Values {
  std::vector<double> exact;  // of each node, in units of its mantissa's last digit
  double terms = 0;
};

Values evaluated(const WorstSum& worst, int bits) {
  Values values;
  std::vector<double> terms;
  for (const WorstSum::Node& node : worst.nodes) {
    EXPECT_GE(node.mantissa, 1 << (bits - 1));
    EXPECT_LT(node.mantissa, 1 << bits);
    if (node.is_term()) {
      values.exact.push_back(node.mantissa);
      terms.push_back(1);
      continue;
    }
    const auto left = static_cast<std::size_t>(node.left), right = static_cast<std::size_t>(node.right);
    const double sum = std::ldexp(worst.nodes[left].mantissa, node.left_exponent) +
                       std::ldexp(worst.nodes[right].mantissa, node.right_exponent);
    EXPECT_EQ(node.mantissa, numbers::rounded_to_bits(sum, bits));
    values.exact.push_back(std::ldexp(values.exact[left], node.left_exponent) +
                           std::ldexp(values.exact[right], node.right_exponent));
    terms.push_back(terms[left] + terms[right]);
  }
  values.terms = terms.back();
  return values;
}

double relative_excess(const WorstSum& worst, int bits) {
  return worst.nodes.back().mantissa / evaluated(worst, bits).exact.back() - 1;
}

TEST(WorstSum, computes_what_it_says_at_every_node) {
  for (const int bits : {2, 3, 5})
    for (const int height : {1, 4, 9}) {
      const WorstSum worst = worst_sum(bits, height);
      const Values values = evaluated(worst, bits);
      EXPECT_EQ(values.terms, worst.terms);
      EXPECT_LE(worst.terms, std::ldexp(1, height));
    }
}

// All sums of four positive numbers over ((a + b) + (c + d)), 3 bits, within three binades.
TEST(WorstSum, is_at_least_as_bad_as_every_listed_tree_of_height_two) {
  constexpr int bits = 3;
  std::vector<double> numbers;
  for (int exponent = -2; exponent <= 0; ++exponent)
    for (int mantissa = 4; mantissa < 8; ++mantissa) numbers.push_back(std::ldexp(mantissa, exponent));
  const auto fl = [](double x) { return numbers::rounded_to_bits(x, bits); };
  double worst = 0;
  for (const double a : numbers)
    for (const double b : numbers)
      for (const double c : numbers)
        for (const double d : numbers) worst = std::max(worst, fl(fl(a + b) + fl(c + d)) / (a + b + c + d) - 1);
  EXPECT_GT(worst, 0);
  EXPECT_GE(relative_excess(worst_sum(bits, 2), bits), worst);
  EXPECT_LE(relative_excess(worst_sum(bits, 2), bits), worst * 1.5);  // and not far worse: fewer binades are listed
}

TEST(WorstSum, breaks_the_bound_by_height_from_height_eleven_on_in_three_bits) {
  for (int height = 1; height <= 12; ++height) {
    const bool broken = relative_excess(worst_sum(3, height), 3) > height * 0x1p-3;
    EXPECT_EQ(broken, height >= 11) << height;
  }
  EXPECT_EQ(worst_sum(3, 11).terms, 2048);
}

TEST(LargestExcess, is_that_of_the_worst_of_all_listed_trees) {
  constexpr int bits = 2, exponents = 1;
  std::vector<double> numbers;
  for (int exponent = -exponents; exponent <= exponents; ++exponent)
    for (const int mantissa : {2, 3})
      for (const int sign : {1, -1}) numbers.push_back(sign * std::ldexp(mantissa, exponent));
  const auto in_range = [&](double x) { return std::find(numbers.begin(), numbers.end(), x) != numbers.end(); };
  for (const double c : {0.125, 0.25, 0.5}) {  // dyadic: every number here is exact
    double excess = -INFINITY;
    const auto see = [&](double computed, std::initializer_list<double> terms) {
      double sum = 0, magnitudes = 0;
      for (const double x : terms) sum += x, magnitudes += std::fabs(x);
      excess = std::max(excess, computed - sum - c * magnitudes);
    };
    for (const double x : numbers) see(x, {x});
    const auto fl = [](double x) { return numbers::rounded_to_bits(x, bits); };
    for (const double a : numbers)
      for (const double b : numbers) {
        if (!in_range(fl(a + b))) continue;
        see(fl(a + b), {a, b});
        for (const double x : numbers) {
          const double chain = fl(fl(a + b) + x);
          if (in_range(chain)) see(chain, {a, b, x});
          for (const double y : numbers) {
            const double pair = fl(x + y), sum = fl(fl(a + b) + pair);
            if (in_range(pair) && in_range(sum)) see(sum, {a, b, x, y});
          }
        }
      }
    EXPECT_EQ(largest_excess(bits, 2, exponents, c), excess) << c;
  }
}

TEST(LargestExcess, is_below_zero_up_to_the_root_and_above_where_the_coefficient_is_a_tenth_too_small) {
  for (int height = 1; height <= 5; ++height) {
    const double c = height * 0x1p-5;
    EXPECT_LT(largest_excess(5, height, 6, c), 0) << height;
    EXPECT_GT(largest_excess(5, height, 6, 0.9 * c), 0) << height;
  }
}

}  // namespace
}  // namespace normproof::rounding
