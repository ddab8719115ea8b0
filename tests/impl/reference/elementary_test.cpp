// Do the double versions of the elementary functions have their values, slopes and behaviour at the ends of the range?
#include "impl/reference/elementary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "impl/reference/activations.hpp"

namespace {

namespace reference = normproof::reference;
using reference::Activation;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

TEST(ReferenceElementary, relu_and_clamp_are_maxima) {
  EXPECT_EQ(reference::relu(3.0), 3.0);
  EXPECT_EQ(reference::relu(-3.0), 0.0);
  EXPECT_EQ(reference::clamp_below(2.0, 5.0), 5.0);
  EXPECT_EQ(reference::clamp_below(7.0, 5.0), 7.0);
}

TEST(ReferenceElementary, slopes_at_the_kink_are_zero) {
  EXPECT_EQ(reference::relu_slope(0.0), 0.0);
  EXPECT_EQ(reference::relu_slope(1.0), 1.0);
  EXPECT_EQ(reference::clamp_below_slope(5.0, 5.0), 0.0);
  EXPECT_EQ(reference::clamp_below_slope(6.0, 5.0), 1.0);
}

TEST(ReferenceElementary, softplus_does_not_overflow) {
  EXPECT_EQ(reference::softplus(0.0), std::log(2.0));
  EXPECT_EQ(reference::softplus(1000.0), 1000.0);
  EXPECT_EQ(reference::softplus(-1000.0), 0.0);
  EXPECT_EQ(reference::softplus_slope(0.0), 0.5);
  EXPECT_EQ(reference::softplus_slope(1000.0), 1.0);
  EXPECT_EQ(reference::softplus_slope(-1000.0), 0.0);
}

TEST(ReferenceElementary, softplus_slope_keeps_its_relative_accuracy_far_below_zero) {
  // There it is eˣ (1 − eˣ + …): equal to eˣ to the last bit.
  EXPECT_EQ(reference::softplus_slope(-100.0), std::exp(-100.0));
}

TEST(ReferenceElementary, tanh_slope_does_not_cancel_where_tanh_is_one) {
  // 1 − tanh² is 0 in double at 20; the derivative is 4e^(−40) up to a factor 1 ± 1e-17.
  EXPECT_EQ(1.0 - std::tanh(20.0) * std::tanh(20.0), 0.0);
  const double expected = 4.0 * std::exp(-40.0);
  EXPECT_LE(std::fabs(reference::tanh_slope(20.0) - expected), 1e-14 * expected);  // a few roundings of exp and cosh
  EXPECT_EQ(reference::tanh_slope(0.0), 1.0);
  EXPECT_EQ(reference::tanh_slope(infinity), 0.0);
}

TEST(ReferenceElementary, not_a_number_stays_not_a_number) {
  EXPECT_TRUE(std::isnan(reference::relu(not_a_number)));
  EXPECT_TRUE(std::isnan(reference::softplus(not_a_number)));
  EXPECT_TRUE(std::isnan(reference::softplus_slope(not_a_number)));
  EXPECT_TRUE(std::isnan(reference::clamp_below(not_a_number, 1.0)));
}

TEST(ReferenceActivation, each_kind_calls_its_own_function_and_slope) {
  const double x = -0.75;
  EXPECT_EQ(reference::activation(Activation::identity, x), x);
  EXPECT_EQ(reference::activation(Activation::relu, x), 0.0);
  EXPECT_EQ(reference::activation(Activation::tanh, x), std::tanh(x));
  EXPECT_EQ(reference::activation(Activation::softplus, x), reference::softplus(x));
  EXPECT_EQ(reference::activation_slope(Activation::identity, x), 1.0);
  EXPECT_EQ(reference::activation_slope(Activation::relu, x), 0.0);
  EXPECT_EQ(reference::activation_slope(Activation::tanh, x), reference::tanh_slope(x));
  EXPECT_EQ(reference::activation_slope(Activation::softplus, x), reference::softplus_slope(x));
}

}  // namespace
