// Does the reference normalize by the average ℓp norm, and does its backward pass differentiate that?
#include "impl/reference/lp_norm.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

namespace reference = normproof::reference;
using dual_number::Dual;
using reference::LpNormReading;
using Values = std::vector<double>;

Values forward(const Values& x, LpNormReading reading) {
  Values y(x.size());
  reference::lp_norm_train<double>(x, {static_cast<int>(x.size()), 1}, Values{1}, Values{0}, reading, y);
  return y;
}

TEST(ReferenceLpNorm, subtracts_the_mean_and_divides_by_the_norm_of_what_it_was_given) {
  EXPECT_EQ(forward({1, 3}, {.power = LpNormReading::Power::one}), (Values{-0.5, 0.5}));
  EXPECT_EQ(forward({1, -7}, {.power = LpNormReading::Power::two}), (Values{0.8, -0.8}));
  EXPECT_EQ(forward({1, -7}, {.power = LpNormReading::Power::infinity}), (Values{4.0 / 7, -4.0 / 7}));
}

TEST(ReferenceLpNorm, can_take_the_norm_after_the_shift) {
  EXPECT_EQ(forward({1, 3}, {.power = LpNormReading::Power::one, .of = LpNormReading::Of::centred}), (Values{-1, 1}));
}

TEST(ReferenceLpNorm, can_divide_the_norm_by_the_number_of_values) {
  const auto average = LpNormReading::Average::norm_over_count;
  EXPECT_EQ(forward({4, 2}, {.power = LpNormReading::Power::infinity, .average = average}), (Values{0.5, -0.5}));
  EXPECT_EQ(forward({3, -4, 0, 0}, {.power = LpNormReading::Power::two, .average = average})[1], -3.75 / 1.25);
}

TEST(ReferenceLpNorm, backward_pass_is_the_derivative_of_the_forward_pass) {
  const Values x{0.5, -2, 1.25, 3}, dy{1, -0.5, 2, 0.25};
  using Power = LpNormReading::Power;
  for (const Power power : {Power::one, Power::two, Power::infinity})
    for (const auto of : {LpNormReading::Of::raw, LpNormReading::Of::centred}) {
      const LpNormReading reading = {.power = power, .of = of};
      Values dx(x.size());
      reference::lp_norm_backward<double>(x, dy, {4, 1}, Values{1.5}, reading, dx);
      for (std::size_t k = 0; k < x.size(); ++k) {
        std::vector<Dual> moved, y(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) moved.emplace_back(x[i], i == k ? 1.0 : 0.0);
        reference::lp_norm_train<Dual>(moved, {4, 1}, std::vector<Dual>{Dual(1.5, 0)}, std::vector<Dual>{Dual(0, 0)},
                                       reading, y);
        double slope = 0;
        for (std::size_t i = 0; i < x.size(); ++i) slope += dy[i] * y[i].slope;
        EXPECT_NEAR(dx[k], slope, 1e-14) << k;  // empirical: a few rounding errors of numbers near 1
      }
    }
}

}  // namespace
