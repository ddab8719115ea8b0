// Do the plain kernels compute what their formulas say, in every order of summation and on every way to split a batch?
#include "impl/reference/rounded_normalization.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace normproof::reference {
namespace {

using Kind = SummationOrder::Kind;

constexpr double near = 1e-12;  // empirical: a few roundings of double on numbers of a few units

std::vector<SummationOrder> orders() {
  return {{Kind::chain},       {Kind::pairwise}, {Kind::blocks, 3}, {Kind::blocks, 1},
          {Kind::blocks, 100}, {Kind::lanes, 4}, {Kind::lanes, 1},  {Kind::lanes, 100}};
}

// A sum written out: "(1+2)+3".
struct Written {
  std::string text;
  friend Written operator+(const Written& a, const Written& b) { return {"(" + a.text + "+" + b.text + ")"}; }
  Written& operator+=(const Written& b) { return *this = *this + b; }
};
std::string written(SummationOrder order, std::size_t count) {
  return ordered_sum<Written>(order, count, [](std::size_t i) { return Written{std::to_string(i)}; }).text;
}

TEST(Ordered_sum, adds_in_the_order_that_it_is_called_by) {
  EXPECT_EQ(written({Kind::chain}, 4), "(((0+1)+2)+3)");
  EXPECT_EQ(written({Kind::pairwise}, 5), "((0+1)+(2+(3+4)))");
  EXPECT_EQ(written({Kind::blocks, 2}, 5), "(((0+1)+(2+3))+4)");
  EXPECT_EQ(written({Kind::lanes, 2}, 5), "(((0+2)+4)+(1+3))");
  EXPECT_EQ(written({Kind::lanes, 8}, 3), "(0+(1+2))");
}

TEST(Ordered_sum, takes_every_term_once_whatever_the_order_and_the_count) {
  for (const SummationOrder& order : orders())
    for (const std::size_t count : {1U, 2U, 3U, 7U, 8U, 9U, 100U}) {
      std::multiset<std::size_t> taken;
      const double sum = ordered_sum<double>(order, count, [&](std::size_t i) {
        taken.insert(i);
        return static_cast<double>(i);
      });
      EXPECT_EQ(sum, static_cast<double>(count * (count - 1) / 2));
      ASSERT_EQ(taken.size(), count);
      EXPECT_EQ(std::set<std::size_t>(taken.begin(), taken.end()).size(), count);
    }
}

const std::vector<double> x = {3, 1, 4, 1, 5, 9, 2, 6};  // mean 31/8, mean square 173/8
constexpr double mean_of_x = 31.0 / 8, variance_of_x = 173.0 / 8 - mean_of_x * mean_of_x;

void expect_moments(const Moments<double>& got) {
  EXPECT_NEAR(got.mean, mean_of_x, near);
  EXPECT_NEAR(got.variance, variance_of_x, near);
}

TEST(Moments, agree_in_every_algorithm) {
  for (const SummationOrder& order : orders()) {
    expect_moments(two_pass_moments<double>(x, order, order));
    expect_moments(corrected_two_pass_moments<double>(x, order, order));
    expect_moments(one_pass_moments<double>(x, order));
    expect_moments(shifted_moments<double>(x, order));
  }
  expect_moments(moments_of(welford_part<double>(x)));
  expect_moments(moments_of(summed_part<double>(x)));
  for (const std::size_t length : {1U, 2U, 3U, 5U, 8U, 20U}) {
    expect_moments(moments_of(pairwise_merged_part<double>(x, length)));
    expect_moments(moments_of(chain_merged_part<double>(x, length)));
  }
}

TEST(Moments, of_one_value_are_itself_and_zero) {
  const std::vector<float> one = {0.1F};
  constexpr SummationOrder chain = {Kind::chain};
  for (const Moments<float>& got :
       {two_pass_moments<float>(one, chain, chain), shifted_moments<float>(one, chain),
        moments_of(welford_part<float>(one)), moments_of(pairwise_merged_part<float>(one, 1))}) {
    EXPECT_EQ(got.mean, 0.1F);
    EXPECT_EQ(got.variance, 0);
  }
}

TEST(Merged, takes_an_empty_part_for_nothing) {
  const Part<double> part = summed_part<double>(x), empty;
  for (const Part<double>& got : {merged(part, empty), merged(empty, part)}) {
    EXPECT_EQ(got.count, part.count);
    EXPECT_EQ(got.mean, part.mean);
    EXPECT_EQ(got.squares, part.squares);
  }
  EXPECT_EQ(merged(empty, empty).count, 0U);
}

// The kernels are what is measured: on float every operation must round to float and no wider.
TEST(Kernels, on_float_round_every_operation_to_float) {
  const std::vector<float> values = {1, 0x1p-24F, 0x1p-24F};  // each addition is a tie that goes back to 1
  EXPECT_EQ(ordered_sum<float>({Kind::chain}, 3, [&](std::size_t i) { return values[i]; }), 1.0F);
  const float third = 1.0F / 3.0F;
  EXPECT_EQ(normalized(third, 0.0F, third, third, 1.0F), (third * third) * third + 1.0F);
  EXPECT_EQ(inverse_std(2.0F, 1.0F), 1.0F / std::sqrt(3.0F));
}

TEST(Output, is_the_formula_folded_or_not) {
  EXPECT_EQ(normalized(7.0, 3.0, 0.5, -2.0, 1.0), -3);
  EXPECT_EQ(folded(7.0, 3.0, 0.5, -2.0, 1.0), -3);
  EXPECT_EQ(running(0.25, 0.75, 8.0, 4.0), 7);
}

TEST(Gradients, are_the_formulas_and_agree_in_both_forms) {
  const std::vector<double> dy = {1, -2, 0.5, 3, -1, 0, 2, -0.5};
  constexpr double mean = 4, inv_std = 0.5, gamma = -3, count = 8;
  double dbeta = 0, dgamma = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    dbeta += dy[i];
    dgamma += dy[i] * (x[i] - mean) * inv_std;
  }
  for (const SummationOrder& order : orders()) {
    for (const ParameterGradients<double>& got : {two_pass_gradient_sums<double>(x, dy, mean, inv_std, order),
                                                  gradient_sums_from_moments<double>(x, dy, mean, inv_std, order)}) {
      EXPECT_NEAR(got.dbeta, dbeta, near);
      EXPECT_NEAR(got.dgamma, dgamma, near);
    }
  }
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(input_gradient(x[i], dy[i], mean, inv_std, gamma, dbeta / count, dgamma / count),
                gamma * inv_std * (dy[i] - dbeta / count - (x[i] - mean) * inv_std * dgamma / count), near);
}

}  // namespace
}  // namespace normproof::reference
