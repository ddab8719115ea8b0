// Does the reference full normalization layer update, clamp and differentiate as computed by hand, in every reading?
#include "impl/reference/full_norm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

namespace reference = normproof::reference;
using dual_number::Dual;
using reference::Extents;
using reference::FullNormReading;
using Product = FullNormReading::Product;
using Divisor = FullNormReading::Divisor;
using Statistics = FullNormReading::Statistics;
using Values = std::vector<double>;
using State = reference::FullNormState<double>;

const Extents two_by_two{2, 2};

TEST(ReferenceFullNorm, alpha_one_gives_the_batch_statistics_per_feature) {
  State state{{100, 200}, {300, 400}};
  reference::full_norm_update<double>(Values{1, 0, 3, 6}, two_by_two, Statistics::per_feature, 1.0, state);
  EXPECT_EQ(state.mean, (Values{2, 3}));
  EXPECT_EQ(state.square, (Values{5, 18}));
}

TEST(ReferenceFullNorm, alpha_one_gives_one_mean_and_square_of_the_whole_block) {
  State state{{100}, {300}};
  reference::full_norm_update<double>(Values{1, 3, 1, 7}, two_by_two, Statistics::whole_block, 1.0, state);
  EXPECT_EQ(state.mean, (Values{3}));
  EXPECT_EQ(state.square, (Values{15}));
}

TEST(ReferenceFullNorm, alpha_weighs_the_new_value) {
  State state{{10, 0}, {21, 2}};
  reference::full_norm_update<double>(Values{1, 0, 3, 6}, two_by_two, Statistics::per_feature, 0.25, state);
  EXPECT_EQ(state.mean, (Values{8, 0.75}));
  EXPECT_EQ(state.square, (Values{17, 6}));
}

TEST(ReferenceFullNorm, eps_replaces_a_smaller_variance_and_is_not_added_to_a_larger_one) {
  const State state{{2, 3}, {5, 18}};  // ν − μ² = 1 and 9
  Values b_out(4);
  reference::full_norm_output<double>(Values{1, 0, 3, 6}, two_by_two, Statistics::per_feature, state, 4.0, b_out);
  EXPECT_EQ(b_out, (Values{-0.5, -1, 0.5, 1}));
}

TEST(ReferenceFullNorm, training_normalizes_with_the_state_as_updated) {
  State state{{4}, {19}};
  Values b_out(4);
  // The block's mean is 2 and its mean of squares 5: the state becomes 3 and 12, and max{3, 4} = 4.
  reference::full_norm_forward<double>(Values{1, 3, 1, 3}, two_by_two, Statistics::whole_block, 0.5, 4.0, state, b_out);
  EXPECT_EQ(state.mean, (Values{3}));
  EXPECT_EQ(state.square, (Values{12}));
  EXPECT_EQ(b_out, (Values{-1, 0, -1, 0}));
}

TEST(ReferenceFullNorm, one_sample_of_one_channel_is_clamped_and_passes_no_gradient_at_alpha_one) {
  const Extents one_by_one{1, 1};
  State state = reference::make_full_norm_state<double>(one_by_one, Statistics::per_feature);
  Values b_out(1);
  reference::full_norm_forward<double>(Values{3}, one_by_one, Statistics::per_feature, 1.0, 4.0, state, b_out);
  EXPECT_EQ(b_out, (Values{0}));
  Values g_in(1, 99.0);
  reference::full_norm_backward<double>(Values{3}, Values{5}, one_by_one, state, 4.0, FullNormReading{}, g_in);
  EXPECT_EQ(g_in, (Values{0}));
}

TEST(ReferenceFullNorm, constant_channel_with_positive_eps_normalizes_to_zero) {
  const Extents three_by_one{3, 1};
  State state = reference::make_full_norm_state<double>(three_by_one, Statistics::per_feature);
  Values b_out(3, 99.0);
  reference::full_norm_forward<double>(Values{4, 4, 4}, three_by_one, Statistics::per_feature, 1.0, 0.25, state, b_out);
  EXPECT_EQ(b_out, (Values{0, 0, 0}));
}

struct ReadingCase {
  FullNormReading reading;
  Values expected;
};

TEST(ReferenceFullNormBackward, every_reading_gives_its_own_hand_computed_value) {
  // μ = 1, ν = 5, ε = 1: root 2, open. ∂_μ f = −1/2 + (B−1)/8, ∂_ν f = −(B−1)/16.
  const Values b_in{3, 1, 5, -1};
  const Values g_out{1, 2, 0, 4};
  const std::vector<ReadingCase> cases{
      {{Product::vjp, Divisor::b, Statistics::per_feature}, {0, -0.5, -0.75, -0.5}},
      {{Product::vjp, Divisor::bd, Statistics::per_feature}, {0.25, 0.25, -0.375, 0.75}},
      {{Product::vjp, Divisor::b, Statistics::whole_block}, {-0.5, -0.75, -0.25, -0.5}},
      {{Product::vjp, Divisor::bd, Statistics::whole_block}, {0, 0.125, -0.125, 0.75}},
      {{Product::elementwise, Divisor::b, Statistics::per_feature}, {0, 0.5, 0, 0}},
      {{Product::elementwise, Divisor::bd, Statistics::per_feature}, {0.25, 0.75, 0, 1}},
      {{Product::elementwise, Divisor::b, Statistics::whole_block}, {0, 0.5, 0, 0}},
      {{Product::elementwise, Divisor::bd, Statistics::whole_block}, {0.25, 0.75, 0, 1}},
  };
  for (std::size_t index = 0; index < cases.size(); ++index) {
    const bool per_feature = cases[index].reading.statistics == Statistics::per_feature;
    const State state = per_feature ? State{{1, 1}, {5, 5}} : State{{1}, {5}};
    Values g_in(4, 99.0);
    reference::full_norm_backward<double>(b_in, g_out, two_by_two, state, 1.0, cases[index].reading, g_in);
    EXPECT_EQ(g_in, cases[index].expected) << "reading " << index;
  }
}

TEST(ReferenceFullNormBackward, a_clamped_variance_passes_no_gradient_through_the_root) {
  // As above with ε = 4 = ν − μ²: ∂_μ f = −1/2 everywhere, ∂_ν f = 0.
  Values g_in(4);
  reference::full_norm_backward<double>(Values{3, 1, 5, -1}, Values{1, 2, 0, 4}, two_by_two, State{{1, 1}, {5, 5}}, 4.0,
                                        FullNormReading{}, g_in);
  EXPECT_EQ(g_in, (Values{0.25, -0.5, -0.25, 0.5}));
}

TEST(ReferenceFullNormBackward, g_in_may_be_written_over_g_out_or_b_in) {
  const Values b_in{3, 1, 5, -1};
  const Values g_out{1, 2, 0, 4};
  const State state{{1, 1}, {5, 5}};
  Values g_in(4);
  reference::full_norm_backward<double>(b_in, g_out, two_by_two, state, 1.0, FullNormReading{}, g_in);
  Values over_g = g_out;
  reference::full_norm_backward<double>(b_in, over_g, two_by_two, state, 1.0, FullNormReading{}, over_g);
  Values over_b = b_in;
  reference::full_norm_backward<double>(over_b, g_out, two_by_two, state, 1.0, FullNormReading{}, over_b);
  EXPECT_EQ(over_g, g_in);
  EXPECT_EQ(over_b, g_in);
}

// The derivative of Σ g_out · (layer at α = 1) in every input, by dual numbers through the forward templates.
Values full_batch_derivative(const Values& b_in, const Values& g_out, Extents extents, Statistics statistics,
                             double eps) {
  Values derivative(b_in.size(), 0.0);
  for (std::size_t moved = 0; moved < b_in.size(); ++moved) {
    std::vector<Dual> input;
    for (std::size_t k = 0; k < b_in.size(); ++k) input.emplace_back(b_in[k], k == moved ? 1.0 : 0.0);
    std::vector<Dual> output(b_in.size());
    auto state = reference::make_full_norm_state<Dual>(extents, statistics);
    reference::full_norm_forward<Dual>(input, extents, statistics, Dual(1), Dual(eps, 0.0), state, output);
    for (std::size_t k = 0; k < b_in.size(); ++k) derivative[moved] += g_out[k] * output[k].slope;
  }
  return derivative;
}

TEST(ReferenceFullNormBackward, two_of_the_eight_readings_are_the_derivative_of_the_full_batch_layer) {
  const Extents three_by_two{3, 2};
  const Values b_in{0.5, -2.0, 1.5, 0.25, -1.0, 3.0};
  const Values g_out{1.0, -0.5, 0.25, -2.0, 0.75, 1.5};
  // A few dozen roundings on numbers of size 1; empirical. The wrong readings are off by more than 0.01.
  const double tolerance = 1e-13;
  for (const double eps : {0.125, 3.0}) {  // 3 clamps the first feature (variance 1.06) only, and not the block (2.77)
    for (const Statistics statistics : {Statistics::per_feature, Statistics::whole_block}) {
      const Values exact = full_batch_derivative(b_in, g_out, three_by_two, statistics, eps);
      State state = reference::make_full_norm_state<double>(three_by_two, statistics);
      reference::full_norm_update<double>(b_in, three_by_two, statistics, 1.0, state);
      for (const Product product : {Product::vjp, Product::elementwise}) {
        for (const Divisor divisor : {Divisor::b, Divisor::bd}) {
          Values g_in(6);
          reference::full_norm_backward<double>(b_in, g_out, three_by_two, state, eps,
                                                FullNormReading{product, divisor, statistics}, g_in);
          double error = 0.0;
          for (std::size_t k = 0; k < g_in.size(); ++k) error = std::fmax(error, std::fabs(g_in[k] - exact[k]));
          const bool right_divisor = (divisor == Divisor::b) == (statistics == Statistics::per_feature);
          if (product == Product::vjp && right_divisor) {
            EXPECT_LE(error, tolerance);
          } else {
            EXPECT_GT(error, 0.01);
          }
        }
      }
    }
  }
}

TEST(ReferenceFullNormBackward, agrees_with_central_differences_of_the_full_batch_layer) {
  const Extents three_by_two{3, 2};
  const Values b_in{0.5, -2.0, 1.5, 0.25, -1.0, 3.0};
  const Values g_out{1.0, -0.5, 0.25, -2.0, 0.75, 1.5};
  const double eps = 0.125;
  // h = 2⁻¹⁷: truncation and rounding are each about 1e-11 times numbers below 100 on this batch (empirical).
  const double h = 0x1p-17;
  const double tolerance = 1e-8;
  const auto loss = [&](const Values& input) {
    State state = reference::make_full_norm_state<double>(three_by_two, Statistics::per_feature);
    Values output(input.size());
    reference::full_norm_forward<double>(input, three_by_two, Statistics::per_feature, 1.0, eps, state, output);
    double sum = 0.0;
    for (std::size_t k = 0; k < output.size(); ++k) sum += g_out[k] * output[k];
    return sum;
  };
  State state = reference::make_full_norm_state<double>(three_by_two, Statistics::per_feature);
  reference::full_norm_update<double>(b_in, three_by_two, Statistics::per_feature, 1.0, state);
  Values g_in(6);
  reference::full_norm_backward<double>(b_in, g_out, three_by_two, state, eps, FullNormReading{}, g_in);
  for (std::size_t k = 0; k < b_in.size(); ++k) {
    Values up = b_in;
    Values down = b_in;
    up[k] += h;
    down[k] -= h;
    EXPECT_LE(std::fabs((loss(up) - loss(down)) / (2 * h) - g_in[k]), tolerance) << "value " << k;
  }
}

}  // namespace
