// Do the built-in batch norm kernels compute what the reference algorithms do, and keep the rules at the edges?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "impl/reference/batch_norm.hpp"
#include "tests/impl/kernels/against_reference.hpp"
#include "tests/impl/kernels/sample_call.hpp"

namespace normproof::tests {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsNan;
using C = normproof_call;

const normproof_kernel& train = kernel_named("batch_norm_train_two_pass");
const normproof_kernel& infer = kernel_named("batch_norm_infer_plain");
const normproof_kernel& train_backward = kernel_named("batch_norm_train_backward_two_pass");
const normproof_kernel& infer_backward = kernel_named("batch_norm_infer_backward_plain");

Values ordinary_gamma(Shape shape) { return ordinary_values(static_cast<std::size_t>(shape.channels), -0.5); }
Values ordinary_beta(Shape shape) { return ordinary_values(static_cast<std::size_t>(shape.channels), 2); }

TEST(BatchNormTrain, agrees_with_the_reference) {
  for (const Shape shape : shapes) {
    SampleCall sample(train, shape.batch, shape.channels, shape.spatial);
    const Values x = ordinary_values(shape.count(), 10), gamma = ordinary_gamma(shape), beta = ordinary_beta(shape);
    sample.set(&C::x, x);
    sample.set(&C::gamma, gamma);
    sample.set(&C::beta, beta);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    Values y(shape.count());
    reference::batch_norm_train<double>(rows_of(x, shape), shape.extents(), gamma, beta, sample.call.eps, y);
    expect_close(rows_of(sample.values(&C::y), shape), y);
  }
}

TEST(BatchNormTrain, updates_running_statistics_with_either_variance) {
  for (const Shape shape : shapes) {
    const double m = static_cast<double>(shape.batch * shape.spatial);
    const Values x = ordinary_values(shape.count(), 10);
    const std::size_t channels = static_cast<std::size_t>(shape.channels);
    Values mean(channels), variance(channels);
    reference::batch_mean<double>(rows_of(x, shape), shape.extents(), mean);
    reference::batch_variance<double>(rows_of(x, shape), shape.extents(), mean, variance);
    for (const auto kind : {NORMPROOF_VAR_BIASED, NORMPROOF_VAR_UNBIASED}) {
      SampleCall sample(train, shape.batch, shape.channels, shape.spatial);
      sample.set(&C::x, x);
      sample.set(&C::running_mean, Values(channels, 8));
      sample.set(&C::running_var, Values(channels, 16));
      sample.call.running_variance = kind;
      ASSERT_EQ(sample.run(), NORMPROOF_OK);
      Values expected_mean(channels), expected_variance(channels);
      for (std::size_t c = 0; c < channels; ++c) {
        const double counted = kind == NORMPROOF_VAR_UNBIASED ? variance[c] * m / (m - 1) : variance[c];
        expected_mean[c] = 0.875 * 8 + 0.125 * mean[c];
        expected_variance[c] = 0.875 * 16 + 0.125 * counted;
      }
      expect_close(sample.values(&C::running_mean), expected_mean);
      expect_close(sample.values(&C::running_var), expected_variance);
    }
  }
}

// Mean 6, variance 4, eps 12: inv_std = 1/4.
void set_exact_channel(SampleCall& sample) {
  sample.set(&C::x, {4, 8, 8, 4});
  sample.set(&C::gamma, {-2});
  sample.set(&C::beta, {3});
  sample.call.eps = 12;
}

TEST(BatchNormTrain, gives_exact_numbers_where_every_step_is_exact) {
  for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64}) {
    SampleCall sample(train, 2, 1, 2, dtype);
    set_exact_channel(sample);
    sample.set(&C::running_mean, {2});
    sample.set(&C::running_var, {1});
    sample.call.running_variance = NORMPROOF_VAR_UNBIASED;
    sample.call.momentum = 0.75;
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    EXPECT_THAT(sample.values(&C::y), ElementsAre(4, 2, 2, 4));
    EXPECT_THAT(sample.values(&C::running_mean), ElementsAre(5));
    EXPECT_NEAR(sample.values(&C::running_var)[0], 0.25 + 0.75 * 16.0 / 3, dtype == NORMPROOF_F32 ? 0x1p-22 : 0x1p-50);
    EXPECT_THAT(sample.values(&C::saved_mean), ElementsAre(6));
    EXPECT_THAT(sample.values(&C::saved_mean_low), ElementsAre(0));
    EXPECT_THAT(sample.values(&C::saved_inv_std), ElementsAre(0.25));
  }
}

TEST(BatchNormTrain, takes_each_operand_in_a_type_of_its_own) {
  SampleCall sample(train, 2, 1, 2, NORMPROOF_F32);
  sample.call.y.dtype = NORMPROOF_F64;
  sample.call.y.data = sample.new_memory(4);
  sample.set_dtype(&C::gamma, NORMPROOF_F64);
  sample.set_dtype(&C::saved_inv_std, NORMPROOF_F64);
  set_exact_channel(sample);
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::y), ElementsAre(4, 2, 2, 4));
  EXPECT_THAT(sample.values(&C::saved_inv_std), ElementsAre(0.25));
}

TEST(BatchNormTrain, saves_what_rounding_the_mean_left_over) {
  SampleCall sample(train, 1, 1, 2);
  sample.set_dtype(&C::saved_mean, NORMPROOF_F32);
  sample.set(&C::x, {1 + 0x1p-30, 1 + 0x1p-29});
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::saved_mean), ElementsAre(1));
  EXPECT_THAT(sample.values(&C::saved_mean_low), ElementsAre(0x1.8p-30));
}

TEST(BatchNormTrain, saves_the_mean_in_more_digits_than_a_double_has) {
  SampleCall sample(train, 1, 1, 4);
  sample.set(&C::x, {1, 1, 1, 1 + 0x1p-52});
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::saved_mean), ElementsAre(1));
  EXPECT_THAT(sample.values(&C::saved_mean_low), ElementsAre(0x1p-54));
}

TEST(BatchNormTrain, gives_beta_on_a_constant_channel_whatever_its_value) {
  for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64}) {
    for (const double value : {1e4, 14.3, 0.1, -3e38, 1e-45}) {
      for (const std::int64_t m : {1, 3, 7, 1000}) {
        SampleCall sample(train, 1, 1, m, dtype);
        sample.set(&C::x, Values(static_cast<std::size_t>(m), value));
        sample.set(&C::gamma, {3});
        sample.set(&C::beta, {0.5});
        sample.call.eps = 1e-12;
        ASSERT_EQ(sample.run(), NORMPROOF_OK);
        EXPECT_THAT(sample.values(&C::y), Each(0.5)) << value << ' ' << m;
      }
    }
  }
}

TEST(BatchNormTrain, keeps_its_digits_far_from_zero) {
  SampleCall sample(train, 1, 1, 4);
  const double far = 0x1p40;
  sample.set(&C::x, {far - 1, far + 1, far + 1, far - 1});
  sample.call.eps = 3;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::y), ElementsAre(-0.5, 0.5, 0.5, -0.5));
}

TEST(BatchNormTrain, bears_the_largest_values) {
  for (const auto& [dtype, value] : {std::pair{NORMPROOF_F32, 0x1p127}, std::pair{NORMPROOF_F64, 0x1p498}}) {
    SampleCall sample(train, 1, 1, 4, dtype);
    sample.set(&C::x, {value, -value, value, -value});
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    EXPECT_THAT(sample.values(&C::y), ElementsAre(1, -1, 1, -1)) << dtype;
  }
}

TEST(BatchNormTrain, bears_the_smallest_floats) {
  SampleCall sample(train, 1, 1, 2, NORMPROOF_F32);
  sample.set(&C::x, {0x1p-149, -0x1p-149});
  sample.call.eps = 0;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::y), ElementsAre(1, -1));
}

TEST(BatchNormTrain, changes_no_running_statistic_by_one_value_of_the_unbiased_kind) {
  SampleCall sample(train, 1, 2, 1);
  sample.set(&C::x, {5, 6});
  sample.call.running_variance = NORMPROOF_VAR_UNBIASED;
  sample.set(&C::beta, {1, 2});
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::running_mean), ElementsAre(0, 0));
  EXPECT_THAT(sample.values(&C::running_var), ElementsAre(1, 1));
  EXPECT_THAT(sample.values(&C::y), ElementsAre(1, 2));
  EXPECT_THAT(sample.values(&C::saved_mean), ElementsAre(5, 6));
}

TEST(BatchNormTrain, changes_both_running_statistics_by_one_value_of_the_biased_kind) {
  SampleCall sample(train, 1, 2, 1);
  sample.set(&C::x, {8, 16});
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::running_mean), ElementsAre(1, 2));
  EXPECT_THAT(sample.values(&C::running_var), ElementsAre(0.875, 0.875));
}

TEST(BatchNormTrain, changes_no_running_statistic_by_no_value) {
  SampleCall sample(train, 0, 2, 3);
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::running_mean), ElementsAre(0, 0));
  EXPECT_THAT(sample.values(&C::running_var), ElementsAre(1, 1));
}

TEST(BatchNormTrain, updates_one_running_statistic_where_the_other_is_absent) {
  for (const bool keep_mean : {true, false}) {
    SampleCall sample(train, 1, 1, 2);
    sample.set(&C::x, {7, 9});
    sample.remove(keep_mean ? &C::running_var : &C::running_mean);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    EXPECT_THAT(sample.values(keep_mean ? &C::running_mean : &C::running_var), ElementsAre(1));
  }
}

TEST(BatchNormTrain, keeps_a_nan_within_its_channel) {
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    SampleCall sample(train, 2, 3, 2), clean(train, 2, 3, 2);
    Values x = ordinary_values(12, 1);
    clean.set(&C::x, x);
    x[9] = bad;  // sample 1, channel 1
    sample.set(&C::x, x);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    ASSERT_EQ(clean.run(), NORMPROOF_OK);
    const Values y = sample.values(&C::y), clean_y = clean.values(&C::y);
    for (const std::size_t i : {2, 3, 8, 9}) EXPECT_FALSE(std::isfinite(y[i])) << i;
    for (const std::size_t i : {0, 1, 4, 5, 6, 7, 10, 11}) EXPECT_EQ(y[i], clean_y[i]) << i;
    EXPECT_FALSE(std::isfinite(sample.values(&C::running_var)[1]));
    EXPECT_EQ(sample.values(&C::running_var)[2], clean.values(&C::running_var)[2]);
  }
}

TEST(BatchNormTrain, leaves_without_eps_only_the_constant_channel_undefined) {
  SampleCall sample(train, 1, 2, 2);
  sample.set(&C::x, {5, 5, -1, 1});
  sample.call.eps = 0;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_EQ(sample.values(&C::y)[2], -1);
  EXPECT_EQ(sample.values(&C::y)[3], 1);
}

// Innermost the channels, gaps of one element between them, three more after each place.
TEST(BatchNormTrain, takes_and_writes_any_strides_and_nothing_between_them) {
  const Shape shape{2, 3, 4};
  SampleCall dense(train, 2, 3, 4, NORMPROOF_F32), strided(train, 2, 3, 4, NORMPROOF_F32);
  constexpr std::int64_t channel_stride = 2, spatial_stride = 9, batch_stride = 4 * spatial_stride, room = 80;
  normproof_tensor& y = strided.call.y;
  y.data = strided.new_memory(room);
  y.batch_stride = batch_stride;
  y.channel_stride = channel_stride;
  y.spatial_stride = spatial_stride;
  float* memory = static_cast<float*>(y.data);
  std::fill(memory, memory + room, 7.0f);
  const Values x = ordinary_values(shape.count(), 1);
  dense.set(&C::x, x);
  strided.set(&C::x, x);
  ASSERT_EQ(dense.run(), NORMPROOF_OK);
  ASSERT_EQ(strided.run(), NORMPROOF_OK);
  EXPECT_EQ(strided.values(&C::y), dense.values(&C::y));
  strided.set(&C::y, Values(shape.count(), 7));
  EXPECT_TRUE(std::all_of(memory, memory + room, [](float value) { return value == 7.0f; }));
}

TEST(BatchNormTrain, takes_a_stride_of_zero_in_its_input) {
  SampleCall sample(train, 2, 1, 2);
  sample.call.x.batch_stride = 0;  // both samples are the same two values
  sample.set(&C::x, {4, 8, 4, 8});
  sample.call.eps = 12;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::y), ElementsAre(-0.5, 0.5, -0.5, 0.5));
}

TEST(BatchNormTrain, works_in_place) {
  SampleCall sample(train, 2, 1, 2);
  set_exact_channel(sample);
  sample.call.y = sample.call.x;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::x), ElementsAre(4, 2, 2, 4));
}

TEST(BatchNormInfer, agrees_with_the_reference) {
  for (const Shape shape : shapes) {
    SampleCall sample(infer, shape.batch, shape.channels, shape.spatial);
    const std::size_t channels = static_cast<std::size_t>(shape.channels);
    const Values x = ordinary_values(shape.count(), 10), gamma = ordinary_gamma(shape), beta = ordinary_beta(shape);
    const Values mean = ordinary_values(channels, 9), variance = ordinary_values(channels, 4);
    sample.set(&C::x, x);
    sample.set(&C::gamma, gamma);
    sample.set(&C::beta, beta);
    sample.set(&C::running_mean, mean);
    sample.set(&C::running_var, variance);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    Values y(shape.count());
    reference::batch_norm_infer<double>(rows_of(x, shape), shape.extents(), mean, variance, gamma, beta,
                                        sample.call.eps, y);
    expect_close(rows_of(sample.values(&C::y), shape), y);
  }
}

TEST(BatchNormInfer, takes_one_for_an_absent_gamma_and_zero_for_an_absent_beta) {
  SampleCall sample(infer, 1, 1, 2);
  sample.set(&C::x, {5, 9});
  sample.set(&C::running_mean, {1});
  sample.call.eps = 3;
  sample.remove(&C::gamma);
  sample.remove(&C::beta);
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::y), ElementsAre(2, 4));
}

TEST(BatchNormInfer, keeps_a_nan_by_itself) {
  SampleCall sample(infer, 1, 1, 3);
  sample.set(&C::x, {5, std::nan(""), 9});
  sample.call.eps = 3;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::y), ElementsAre(2.5, IsNan(), 4.5));
}

// With the statistics of x itself saved, the gradients are those of the reference, which takes them anew from x.
TEST(BatchNormTrainBackward, agrees_with_the_reference) {
  for (const Shape shape : shapes) {
    SampleCall sample(train_backward, shape.batch, shape.channels, shape.spatial);
    const std::size_t channels = static_cast<std::size_t>(shape.channels);
    const Values x = ordinary_values(shape.count(), 10), gamma = ordinary_gamma(shape);
    const Values dy = ordinary_values(shape.count(), -1);
    Values mean(channels), variance(channels), inv_std(channels);
    reference::batch_mean<double>(rows_of(x, shape), shape.extents(), mean);
    reference::batch_variance<double>(rows_of(x, shape), shape.extents(), mean, variance);
    for (std::size_t c = 0; c < channels; ++c) inv_std[c] = 1 / std::sqrt(variance[c] + sample.call.eps);
    sample.set(&C::x, x);
    sample.set(&C::dy, dy);
    sample.set(&C::gamma, gamma);
    sample.set(&C::saved_mean, mean);
    sample.set(&C::saved_inv_std, inv_std);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    Values dx(shape.count()), dgamma(channels), dbeta(channels);
    reference::batch_norm_backward<double>(rows_of(x, shape), rows_of(dy, shape), shape.extents(), gamma,
                                           sample.call.eps, dx, dgamma, dbeta);
    expect_close(rows_of(sample.values(&C::dx), shape), dx);
    expect_close(sample.values(&C::dgamma), dgamma);
    expect_close(sample.values(&C::dbeta), dbeta);
  }
}

// The mean is 5 + 1, x_hat = (−1, 1, 1, −1)/2, dbeta = 0 + 1 + 3 + 0, dgamma = (1 + 3)/2.
void set_exact_gradient(SampleCall& sample) {
  sample.set(&C::x, {4, 8, 8, 4});
  sample.set(&C::dy, {0, 1, 3, 0});
  sample.set(&C::gamma, {-8});
  sample.set(&C::saved_mean, {5});
  sample.set(&C::saved_mean_low, {1});
  sample.set(&C::saved_inv_std, {0.25});
}

TEST(BatchNormTrainBackward, gives_exact_numbers_and_reads_the_low_part_of_the_mean) {
  for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64}) {
    SampleCall sample(train_backward, 2, 1, 2, dtype);
    set_exact_gradient(sample);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    EXPECT_THAT(sample.values(&C::dbeta), ElementsAre(4));
    EXPECT_THAT(sample.values(&C::dgamma), ElementsAre(2));
    // −2 (dy − 1 − x_hat/2)
    EXPECT_THAT(sample.values(&C::dx), ElementsAre(1.5, 0.5, -3.5, 1.5));
  }
}

TEST(BatchNormTrainBackward, works_in_place_of_the_upstream_gradient) {
  SampleCall sample(train_backward, 2, 1, 2);
  set_exact_gradient(sample);
  sample.call.dx = sample.call.dy;
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::dy), ElementsAre(1.5, 0.5, -3.5, 1.5));
  EXPECT_THAT(sample.values(&C::dgamma), ElementsAre(2));
}

TEST(BatchNormTrainBackward, writes_each_gradient_without_the_others) {
  SampleCall only_dgamma(train_backward, 2, 1, 2), only_dx(train_backward, 2, 1, 2);
  set_exact_gradient(only_dgamma);
  set_exact_gradient(only_dx);
  only_dgamma.remove(&C::dx);
  only_dgamma.remove(&C::dbeta);
  only_dx.remove(&C::dgamma);
  only_dx.remove(&C::dbeta);
  ASSERT_EQ(only_dgamma.run(), NORMPROOF_OK);
  ASSERT_EQ(only_dx.run(), NORMPROOF_OK);
  EXPECT_THAT(only_dgamma.values(&C::dgamma), ElementsAre(2));
  EXPECT_THAT(only_dx.values(&C::dx), ElementsAre(1.5, 0.5, -3.5, 1.5));
}

TEST(BatchNormBackward, of_no_value_gives_parameters_no_gradient) {
  for (const normproof_kernel* kernel : {&train_backward, &infer_backward}) {
    SampleCall sample(*kernel, 0, 2, 3);
    ASSERT_EQ(sample.run(), NORMPROOF_OK);
    EXPECT_THAT(sample.values(&C::dgamma), ElementsAre(0, 0));
    EXPECT_THAT(sample.values(&C::dbeta), ElementsAre(0, 0));
  }
}

TEST(BatchNormInferBackward, reads_running_statistics_and_never_saved_ones) {
  SampleCall sample(infer_backward, 2, 1, 2);
  sample.set(&C::x, {4, 8, 8, 4});
  sample.set(&C::dy, {0, 1, 3, 0});
  sample.set(&C::gamma, {-8});
  sample.set(&C::running_mean, {6});
  sample.set(&C::running_var, {4});
  sample.call.eps = 12;
  for (const VectorOperand saved : {&C::saved_mean, &C::saved_mean_low, &C::saved_inv_std}) {
    sample.set(saved, {std::nan("")});
  }
  ASSERT_EQ(sample.run(), NORMPROOF_OK);
  EXPECT_THAT(sample.values(&C::dbeta), ElementsAre(4));
  EXPECT_THAT(sample.values(&C::dgamma), ElementsAre(2));
  EXPECT_THAT(sample.values(&C::dx), ElementsAre(0, -2, -6, 0));
}

// dx = gamma inv_std dy is the derivative of y = gamma (x − running_mean) inv_std + beta.
TEST(BatchNormInferBackward, is_the_derivative_of_the_forward_pass) {
  for (const Shape shape : shapes) {
    const std::size_t channels = static_cast<std::size_t>(shape.channels);
    const Values gamma = ordinary_gamma(shape), variance = ordinary_values(channels, 4);
    const Values dy = ordinary_values(shape.count(), -1), zero(channels, 0);
    SampleCall backward(infer_backward, shape.batch, shape.channels, shape.spatial);
    backward.set(&C::dy, dy);
    backward.set(&C::gamma, gamma);
    backward.set(&C::running_var, variance);
    ASSERT_EQ(backward.run(), NORMPROOF_OK);
    Values expected(shape.count());
    // The map is linear in x − running_mean: the reference applied to dy about 0.
    reference::batch_norm_infer<double>(rows_of(dy, shape), shape.extents(), zero, variance, gamma, zero,
                                        backward.call.eps, expected);
    expect_close(rows_of(backward.values(&C::dx), shape), expected);
  }
}

}  // namespace
}  // namespace normproof::tests
