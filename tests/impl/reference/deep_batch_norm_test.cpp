// Is the backward pass of the deep batch norm network the derivative of its forward pass?
#include "impl/reference/deep_batch_norm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

namespace reference = normproof::reference;
using dual_number::Dual;
using reference::DeepNetwork;
using reference::Nonlinearity;
using Values = std::vector<double>;

constexpr int batch = 4, depth = 3;

// Fixed numbers without a pattern.
Values numbers(std::size_t count, int start) {
  Values values;
  for (std::size_t k = 0; k < count; ++k) values.push_back(std::sin(1.7 * (start + static_cast<double>(k)) + 0.3));
  return values;
}

DeepNetwork<double> network(const Nonlinearity& phi, bool skips) {
  DeepNetwork<double> made;
  made.phi = phi;
  made.skips = skips;
  made.widths = skips ? std::vector<int>{3, 3, 3, 3} : std::vector<int>{2, 3, 4, 3};
  for (int l = 0; l < depth; ++l) {
    const std::size_t at = static_cast<std::size_t>(l);
    made.weights.push_back(numbers(static_cast<std::size_t>(made.widths[at] * made.widths[at + 1]), 100 * l));
  }
  return made;
}

std::vector<Dual> lifted(const Values& values, std::size_t moving) {
  std::vector<Dual> duals;
  for (std::size_t k = 0; k < values.size(); ++k) duals.emplace_back(values[k], k == moving ? 1.0 : 0.0);
  return duals;
}

// d⟨c, output⟩ where one number moves: entry `moving` of h₀ (layer −1) or of W_layer.
double slope_of(const DeepNetwork<double>& plain, const Values& h0, const Values& c, int layer, std::size_t moving) {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  DeepNetwork<Dual> with_slopes;
  with_slopes.phi = plain.phi;
  with_slopes.skips = plain.skips;
  with_slopes.widths = plain.widths;
  for (int l = 0; l < depth; ++l)
    with_slopes.weights.push_back(lifted(plain.weights[static_cast<std::size_t>(l)], l == layer ? moving : none));
  const std::vector<Dual> input = lifted(h0, layer < 0 ? moving : none);
  const auto trace = reference::deep_forward<Dual>(with_slopes, input, batch);
  double slope = 0;
  for (std::size_t k = 0; k < c.size(); ++k) slope += c[k] * trace.output[k].slope;
  return slope;
}

void expect_derivatives(const Nonlinearity& phi, bool skips) {
  const DeepNetwork<double> plain = network(phi, skips);
  const Values h0 = numbers(static_cast<std::size_t>(batch * plain.widths.front()), 7);
  const Values c = numbers(static_cast<std::size_t>(batch * plain.widths.back()), 31);
  const auto trace = reference::deep_forward<double>(plain, h0, batch);
  const auto gradient = reference::deep_backward<double>(plain, trace, c);
  constexpr double rounding = 1e-11;  // empirical: a few thousand operations on numbers near 1
  for (std::size_t k = 0; k < h0.size(); ++k)
    EXPECT_NEAR(gradient.h[0][k], slope_of(plain, h0, c, -1, k), rounding) << k;
  for (int l = 0; l < depth; ++l) {
    const Values& of_weights = gradient.weights[static_cast<std::size_t>(l)];
    for (std::size_t k = 0; k < of_weights.size(); ++k)
      EXPECT_NEAR(of_weights[k], slope_of(plain, h0, c, l, k), rounding) << l << " " << k;
  }
}

TEST(DeepBatchNorm, backward_is_the_derivative_of_forward_for_a_linear_network) { expect_derivatives({}, false); }
TEST(DeepBatchNorm, backward_is_the_derivative_of_forward_for_relu) { expect_derivatives({.rectified = true}, false); }
TEST(DeepBatchNorm, backward_is_the_derivative_of_forward_for_a_cubic) {
  expect_derivatives({.coefficients = {5, -3, 2, 1}}, false);
}
TEST(DeepBatchNorm, backward_is_the_derivative_of_forward_with_skips) {
  expect_derivatives({.rectified = true}, true);
  expect_derivatives({.rectified = true, .coefficients = {0, 0, 1}}, true);
}

TEST(DeepBatchNorm, nonlinearity_is_a_polynomial_of_its_rectified_argument) {
  const Nonlinearity squared_relu = {.rectified = true, .coefficients = {0, 0, 1}};
  EXPECT_EQ(reference::nonlinearity<double>(squared_relu, 3), 9);
  EXPECT_EQ(reference::nonlinearity<double>(squared_relu, -3), 0);
  EXPECT_EQ(reference::nonlinearity_slope<double>(squared_relu, 3), 6);
  EXPECT_EQ(reference::nonlinearity_slope<double>(squared_relu, -3), 0);
}

TEST(DeepBatchNorm, a_batch_of_two_has_no_gradient) {
  DeepNetwork<double> one;
  one.widths = {1, 1};
  one.weights = {{2}};
  const auto trace = reference::deep_forward<double>(one, Values{3, 5}, 2);
  EXPECT_EQ(trace.output, (Values{-1, 1}));
  EXPECT_EQ(reference::deep_backward<double>(one, trace, Values{1, 4}).h[0], (Values{0, 0}));
}

TEST(DeepBatchNorm, a_skip_adds_the_layer_before) {
  DeepNetwork<double> one;
  one.widths = {1, 1};
  one.weights = {{2}};
  one.skips = true;
  const auto trace = reference::deep_forward<double>(one, Values{3, 5}, 2);
  EXPECT_EQ(trace.h[1], (Values{1, 7}));
}

}  // namespace
