// Do the built-in full normalization kernels compute what the reference does, and keep the rules at the edges?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "impl/reference/full_norm.hpp"
#include "tests/impl/kernels/against_reference.hpp"
#include "tests/impl/kernels/sample_call.hpp"

namespace normproof::tests {
namespace {

using testing::Each;
using testing::ElementsAre;
using C = normproof_call;

const normproof_kernel& train = kernel_named("full_norm_train_plain");
const normproof_kernel& infer = kernel_named("full_norm_infer_plain");
const normproof_kernel& backward = kernel_named("full_norm_backward_plain");
constexpr auto per_feature = reference::FullNormReading::Statistics::per_feature;

TEST(FullNormTrain, agrees_with_the_reference) {
  for (const Shape shape : shapes) {
    SampleCall sample(train, shape.batch, shape.channels, shape.spatial);
    const std::size_t channels = static_cast<std::size_t>(shape.channels);
    const Values x = ordinary_values(shape.count(), 1);
    reference::FullNormState<double> state{ordinary_values(channels, 1), Values(channels, 40)};
    sample.set(&C::x, x);
    sample.set(&C::fn_mean, state.mean);
    sample.set(&C::fn_square, state.square);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    Values y(shape.count());
    reference::full_norm_forward<double>(rows_of(x, shape), shape.extents(), per_feature, sample.call.momentum,
                                         sample.call.eps, state, y);
    expect_close(sample.values(&C::fn_mean), state.mean);
    expect_close(sample.values(&C::fn_square), state.square);
    expect_close(rows_of(sample.values(&C::y), shape), y);
  }
}

TEST(FullNormInfer, agrees_with_the_reference_up_to_gamma_and_beta) {
  for (const Shape shape : shapes) {
    SampleCall sample(infer, shape.batch, shape.channels, shape.spatial);
    const std::size_t channels = static_cast<std::size_t>(shape.channels);
    const Values x = ordinary_values(shape.count(), 1);
    const reference::FullNormState<double> state{ordinary_values(channels, 1), Values(channels, 40)};
    sample.set(&C::x, x);
    sample.set(&C::fn_mean, state.mean);
    sample.set(&C::fn_square, state.square);
    sample.set(&C::gamma, Values(channels, -2));
    sample.set(&C::beta, Values(channels, 3));
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    Values y(shape.count());
    reference::full_norm_output<double>(rows_of(x, shape), shape.extents(), per_feature, state, sample.call.eps, y);
    for (double& value : y) value = -2 * value + 3;
    expect_close(rows_of(sample.values(&C::y), shape), y);
  }
}

// The reference takes the state as the statistics of the batch: there its backward pass is the derivative of the layer.
TEST(FullNormBackward, agrees_with_the_reference_at_the_statistics_of_the_batch) {
  for (const Shape shape : shapes) {
    for (const double eps : {1e-5, 1e3}) {  // with the variance, and clamped
      SampleCall sample(backward, shape.batch, shape.channels, shape.spatial);
      const Values x = ordinary_values(shape.count(), 1), dy = ordinary_values(shape.count(), -1);
      auto state = reference::make_full_norm_state<double>(shape.extents(), per_feature);
      reference::full_norm_update<double>(rows_of(x, shape), shape.extents(), per_feature, 1.0, state);
      sample.call.eps = eps;
      sample.set(&C::x, x);
      sample.set(&C::dy, dy);
      sample.set(&C::fn_mean, state.mean);
      sample.set(&C::fn_square, state.square);
      sample.set(&C::gamma, Values(state.mean.size(), -2));
      ASSERT_EQ(sample.run(), NORMPROOF_OK);
      Values dx(shape.count());
      reference::full_norm_backward<double>(rows_of(x, shape), rows_of(dy, shape), shape.extents(), state, eps, {}, dx);
      for (double& value : dx) value *= -2;
      expect_close(rows_of(sample.values(&C::dx), shape), dx);
    }
  }
}

// mu: 3/4 · 2 + 1/4 · 6 = 3; nu: 3/4 · 4 + 1/4 · 40 = 13; nu − mu² = 4.
void set_exact_channel(SampleCall& sample) {
  sample.set(&C::x, {4, 8, 8, 4});
  sample.set(&C::fn_mean, {2});
  sample.set(&C::fn_square, {4});
  sample.set(&C::gamma, {4});
  sample.set(&C::beta, {1});
  sample.call.momentum = 0.25;
  sample.call.eps = 1;
}

TEST(FullNormTrain, updates_first_and_then_uses_the_state) {
  for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64}) {
    SampleCall sample(train, 2, 1, 2, dtype);
    set_exact_channel(sample);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    EXPECT_THAT(sample.values(&C::fn_mean), ElementsAre(3));
    EXPECT_THAT(sample.values(&C::fn_mean_low), ElementsAre(0));
    EXPECT_THAT(sample.values(&C::fn_square), ElementsAre(13));
    EXPECT_THAT(sample.values(&C::y), ElementsAre(3, 11, 11, 3));
  }
}

TEST(FullNormTrain, works_in_place) {
  SampleCall sample(train, 2, 1, 2);
  set_exact_channel(sample);
  sample.call.y = sample.call.x;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::x), ElementsAre(3, 11, 11, 3));
}

TEST(FullNormTrain, leaves_the_state_as_it_is_where_there_is_no_value) {
  SampleCall sample(train, 0, 2, 3);
  sample.set(&C::fn_mean, {5, 6});
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::fn_mean), ElementsAre(5, 6));
  EXPECT_THAT(sample.values(&C::fn_square), ElementsAre(1, 1));
}

TEST(FullNormTrain, stores_the_low_part_of_the_mean_and_uses_it) {
  SampleCall sample(train, 1, 1, 2);
  sample.set_dtype(&C::fn_mean, NORMPROOF_F32);
  sample.set(&C::x, {1, 1 + 0x1p-30});
  sample.call.momentum = 1;
  sample.call.eps = 1;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::fn_mean), ElementsAre(1));
  EXPECT_THAT(sample.values(&C::fn_mean_low), ElementsAre(0x1p-31));
  EXPECT_THAT(sample.values(&C::y), ElementsAre(-0x1p-31, 0x1p-31));
}

TEST(FullNormTrain, uses_the_state_as_it_was_stored_where_there_is_no_low_part) {
  SampleCall sample(train, 1, 1, 2);
  sample.set_dtype(&C::fn_mean, NORMPROOF_F32);
  sample.remove(&C::fn_mean_low);
  sample.set(&C::x, {1, 1 + 0x1p-30});
  sample.call.momentum = 1;
  sample.call.eps = 1;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::y), ElementsAre(0, 0x1p-30)) << "about the rounded mean, 1";
}

// mu = 1 + 2^-60 and nu = 1 + 2^-50: nu − mu² = 2^-50 − 2^-59 to the last digit that matters.
TEST(FullNormInfer, takes_the_low_part_into_the_variance_too) {
  SampleCall sample(infer, 1, 1, 1);
  sample.set(&C::x, {2});
  sample.set(&C::fn_mean, {1});
  sample.set(&C::fn_mean_low, {0x1p-60});
  sample.set(&C::fn_square, {1 + 0x1p-50});
  sample.call.eps = 0;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  const double expected = 1 / std::sqrt(0x1p-50 - 0x1p-59);
  EXPECT_LE(std::fabs(sample.values(&C::y)[0] - expected), 4 * 0x1p-53 * expected);  // four roundings
}

TEST(FullNormInfer, divides_by_the_root_of_eps_where_the_variance_is_smaller_or_negative) {
  for (const double square : {26.0, 25.0, 24.0}) {
    SampleCall sample(infer, 1, 1, 2);
    sample.set(&C::x, {1, 9});
    sample.set(&C::fn_mean, {5});
    sample.set(&C::fn_square, {square});
    sample.call.eps = 4;
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    EXPECT_THAT(sample.values(&C::y), ElementsAre(-2, 2)) << square;
  }
}

TEST(FullNormInfer, does_not_clamp_a_nan) {
  SampleCall sample(infer, 1, 2, 1);
  sample.set(&C::fn_square, {std::nan(""), 1});
  sample.set(&C::x, {2, 2});
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::y), ElementsAre(testing::IsNan(), 2));
}

TEST(FullNorm, keeps_a_nan_within_its_channel) {
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    SampleCall sample(train, 1, 2, 2);
    sample.set(&C::x, {1, bad, 3, 5});
    sample.call.momentum = 1;
    sample.call.eps = 0.5;
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    const Values y = sample.values(&C::y);
    EXPECT_FALSE(std::isfinite(y[0]));
    EXPECT_FALSE(std::isfinite(y[1]));
    EXPECT_EQ(y[2], -1);
    EXPECT_EQ(y[3], 1);
  }
}

TEST(FullNormBackward, reads_the_state_and_does_not_update_it) {
  SampleCall sample(backward, 2, 1, 2);
  sample.set(&C::x, {4, 8, 8, 4});
  sample.set(&C::dy, {0, 1, 3, 0});
  sample.set(&C::gamma, {-4});
  sample.set(&C::fn_mean, {5});
  sample.set(&C::fn_mean_low, {1});
  sample.set(&C::fn_square, {40});
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::fn_mean), ElementsAre(5));
  EXPECT_THAT(sample.values(&C::fn_square), ElementsAre(40));
  // s = 2, x_hat = (−1, 1, 1, −1): dgamma = 4, and dx = −2 (dy − 1 − x_hat)
  EXPECT_THAT(sample.values(&C::dbeta), ElementsAre(4));
  EXPECT_THAT(sample.values(&C::dgamma), ElementsAre(4));
  EXPECT_THAT(sample.values(&C::dx), ElementsAre(0, 2, -2, 0));
}

TEST(FullNormBackward, has_no_term_through_a_clamped_variance) {
  SampleCall sample(backward, 2, 1, 2);
  sample.set(&C::x, {4, 8, 8, 4});
  sample.set(&C::dy, {0, 1, 3, 0});
  sample.set(&C::fn_mean, {6});
  sample.set(&C::fn_square, {40});  // variance 4, which is eps: clamped
  sample.call.eps = 4;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::dx), ElementsAre(-0.5, 0, 1, -0.5));
}

TEST(FullNormBackward, of_no_value_gives_parameters_no_gradient) {
  SampleCall sample(backward, 0, 2, 3);
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::dgamma), Each(0));
  EXPECT_THAT(sample.values(&C::dbeta), Each(0));
}

}  // namespace
}  // namespace normproof::tests
