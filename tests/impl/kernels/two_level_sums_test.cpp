// Are the sums of the vectorized kernels right where float alone would spoil them?
//
// One channel of several is such that its sums in float cannot be trusted, or would be wrong without their low part; it
// is held to the plain kernel, which sums in double, within the roundings that terms.hpp counts.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "impl/kernel.h"
#include "impl/kernels/vector/plan.hpp"
#include "impl/kernels/vector/trust.hpp"
#include "tests/impl/kernels/sample_call.hpp"

namespace normproof::tests {
namespace {

namespace vector = kernels::vector;

constexpr double unit_roundoff = 0x1p-24;  // of float

constexpr std::int64_t everyday_cache = std::int64_t{1} << 20, small_cache = 2048;

struct Shape {
  std::int64_t batch, channels, spatial;
  bool channels_last = false;
  std::int64_t second_level = everyday_cache;
};

// Blocks of planes, planes in segments, planes seen as columns, rows, rows of few columns, of which some are left over;
// each with chunks, half chunks where there are any, and values that are left over. Two long channels of each kind.
const Shape shapes[] = {{3, 5, 350},  {3, 5, 350, false, small_cache},
                        {77, 20, 49}, {3, 5, 350, true},
                        {101, 40, 1}, {250, 3, 5},
                        {2, 2, 5000}, {4001, 2, 1}};

std::string words(const Shape& shape) {
  return std::to_string(shape.batch) + "×" + std::to_string(shape.channels) + "×" + std::to_string(shape.spatial) +
         (shape.channels_last ? " last" : " first");
}

constexpr std::int64_t odd_channel = 1;

// What is where in x or dy.
using ValueAt = std::function<double(std::int64_t b, std::int64_t c, std::int64_t s)>;

void fill(SampleCall& sample, TensorOperand operand, const Shape& shape, const ValueAt& value) {
  Values values;
  for (std::int64_t b = 0; b < shape.batch; ++b)
    for (std::int64_t c = 0; c < shape.channels; ++c)
      for (std::int64_t s = 0; s < shape.spatial; ++s) values.push_back(value(b, c, s));
  sample.set(operand, values);
}

// The odd channel is `odd` times what the others are: normal, with standard deviation 1.
ValueAt drawn(double mean, double odd) {
  auto random = std::make_shared<std::mt19937>(1);
  auto normal = std::make_shared<std::normal_distribution<double>>(mean, 1);
  return [=](std::int64_t, std::int64_t c, std::int64_t) { return (*normal)(*random) * (c == odd_channel ? odd : 1); };
}

class Call {
 public:
  Call(const std::string& kernel, const Shape& shape)
      : sample(kernel_named(kernel), shape.batch, shape.channels, shape.spatial, NORMPROOF_F32), shape_(shape) {
    sample.call.eps = 0;
    for (const VectorOperand operand : all_vectors) sample.set_dtype(operand, NORMPROOF_F64);
    sample.remove(&normproof_call::dx);  // y must be there
    for (const VectorOperand operand :
         {&normproof_call::gamma, &normproof_call::beta, &normproof_call::running_mean, &normproof_call::running_var}) {
      sample.remove(operand);
    }
    if (!shape.channels_last) return;
    for (const TensorOperand operand : all_tensors) {
      (sample.call.*operand).channel_stride = 1;
      (sample.call.*operand).spatial_stride = shape.channels;
    }
  }

  void set(TensorOperand operand, const ValueAt& value) { fill(sample, operand, shape_, value); }
  void set(VectorOperand operand, double value) {
    sample.set(operand, Values(static_cast<std::size_t>(shape_.channels), value));
  }
  Values run_for(VectorOperand output) {
    vector::force_cache_sizes(vector::CacheSizes{shape_.second_level});
    EXPECT_EQ(sample.run(), NORMPROOF_OK);
    vector::force_cache_sizes(std::nullopt);
    return sample.values(output);
  }

  SampleCall sample;

 private:
  Shape shape_;
};

// ---- forward

// A square goes through 6 roundings and a deviation through 4, and Σ d² is at most four times what is left of it: so
// 4·6u + 2·4·4u of the variance, half of it of inv_std, and less than 4u for all that is done in double.
constexpr double inv_std_tolerance = (28 + 4) * unit_roundoff;

void expect_right_statistics(const std::function<ValueAt()>& x) {
  for (const Shape& shape : shapes) {
    SCOPED_TRACE(words(shape));
    Call vectorized("batch_norm_train_shifted", shape), plain("batch_norm_train_two_pass", shape);
    vectorized.set(&normproof_call::x, x());
    plain.set(&normproof_call::x, x());
    const Values inv_std = vectorized.run_for(&normproof_call::saved_inv_std);
    const Values exact = plain.run_for(&normproof_call::saved_inv_std);
    const Values mean = vectorized.sample.values(&normproof_call::saved_mean);
    const Values exact_mean = plain.sample.values(&normproof_call::saved_mean);
    for (std::size_t c = 0; c < exact.size(); ++c) {
      EXPECT_LE(std::abs(inv_std[c] / exact[c] - 1), inv_std_tolerance) << c;
      // 4u of |d| in the mean, which is at most two standard deviations in root mean square.
      EXPECT_LE(std::abs(mean[c] - exact_mean[c]) * exact[c], 9 * unit_roundoff) << c;
    }
  }
}

TEST(TwoLevelSums, are_right_where_squares_overflow_float) {
  expect_right_statistics([] { return drawn(0.5, 1e30); });
}

TEST(TwoLevelSums, are_right_where_squares_underflow_float) {
  expect_right_statistics([] { return drawn(0.5, 1e-22); });
}

// The shift is one of the first values. Every other value is the same, so that each chunk rounds the same way.
TEST(TwoLevelSums, are_right_where_the_first_values_are_unlike_the_others) {
  expect_right_statistics([] {
    const ValueAt usual = drawn(0, 1);
    return [usual](std::int64_t b, std::int64_t c, std::int64_t s) {
      const double value = usual(b, c, s);
      if (c != odd_channel) return value;
      return (b < 8 && s == 0) || (b == 0 && s < 8) ? 1000.0 : static_cast<double>(1.0f / 3);
    };
  });
}

// ---- backward

// 13u of Σ|dy (x − mean)|: 5 roundings of a product, |x − about| ≤ 2 |x − mean|, and 3 of Σ dy times the low part,
// which is at most |x − mean|. Another u pays for what is done in double.
constexpr double gradient_roundings = 13 + 1;

void expect_right_gradients(const std::function<ValueAt()>& x, const std::function<ValueAt()>& dy, double mean,
                            double inv_std) {
  for (const Shape& shape : shapes) {
    SCOPED_TRACE(words(shape));
    const auto run = [&](const std::string& kernel, bool magnitudes, VectorOperand output) {
      Call call(kernel, shape);
      // Σ|dy (x − mean)| inv_std is dgamma of other operands.
      const ValueAt of_x = x(), of_dy = dy();
      const auto size_of_deviation = [&](auto b, auto c, auto s) { return std::abs(of_x(b, c, s) - mean); };
      const auto size_of_dy = [&](auto b, auto c, auto s) { return std::abs(of_dy(b, c, s)); };
      call.set(&normproof_call::x, magnitudes ? ValueAt(size_of_deviation) : of_x);
      call.set(&normproof_call::dy, magnitudes ? ValueAt(size_of_dy) : of_dy);
      call.set(&normproof_call::saved_mean, magnitudes ? 0 : mean);
      call.set(&normproof_call::saved_inv_std, inv_std);
      return call.run_for(output);
    };
    for (const VectorOperand output : {&normproof_call::dgamma, &normproof_call::dbeta}) {
      const Values gradient = run("batch_norm_train_backward_vectorized", false, output);
      const Values exact = run("batch_norm_train_backward_two_pass", false, output);
      const Values size = run("batch_norm_train_backward_two_pass", true, output);
      for (std::size_t c = 0; c < exact.size(); ++c)
        EXPECT_LE(std::abs(gradient[c] - exact[c]), gradient_roundings * unit_roundoff * size[c]) << c;
    }
  }
}

TEST(TwoLevelGradientSums, are_right_where_products_overflow_float) {
  expect_right_gradients([] { return drawn(0, 1e20); }, [] { return drawn(0.1, 1e20); }, 0, 1);
}

TEST(TwoLevelGradientSums, are_right_where_products_underflow_float) {
  expect_right_gradients([] { return drawn(0, 1e-22); }, [] { return drawn(0.1, 1e-22); }, 0, 1);
}

TEST(TwoLevelGradientSums, are_right_where_gradients_overflow_float) {
  expect_right_gradients([] { return drawn(0, 1e-20); }, [] { return drawn(3, 3e37); }, 0, 1);
}

TEST(TwoLevelGradientSums, are_zero_where_dy_is) {
  expect_right_gradients([] { return drawn(0, 1); }, [] { return drawn(0, 0); }, 0, 1);
}

// x is 1 or one of the floats beside it, the mean a third of the way to the next: what it has beyond a float is as
// large as the deviations are.
TEST(TwoLevelGradientSums, know_what_the_mean_has_beyond_a_float) {
  const auto x = [] {
    const ValueAt usual = drawn(0, 1);
    return [usual](auto b, auto c, auto s) { return 1 + 0x1p-23 * std::round(usual(b, c, s)); };
  };
  expect_right_gradients(
      x, [] { return drawn(0.1, 1); }, 1 + 0x1p-23 / 3, 0x1p23);
}

// ---- which are trusted

struct OneChannel {
  double first, second;
  bool trusted(bool backward, double m = 100) const {
    const float about = 0;
    double flag = 0;
    const bool all = vector::are_trusted(1, {&about, &first, &second}, m, backward, &flag);
    EXPECT_EQ(all, flag == 1);
    return all;
  }
};

constexpr double infinity = std::numeric_limits<double>::infinity(),
                 no_number = std::numeric_limits<double>::quiet_NaN();

TEST(AreTrusted, everyday_sums_are) {
  EXPECT_TRUE((OneChannel{3, 100}.trusted(false)));
  EXPECT_TRUE((OneChannel{3, -0.5}.trusted(true)));
}

TEST(AreTrusted, sums_that_are_not_finite_are_not) {
  for (const double bad : {infinity, -infinity, no_number}) {
    for (const bool backward : {false, true}) {
      EXPECT_FALSE((OneChannel{bad, 100}.trusted(backward)));
      EXPECT_FALSE((OneChannel{3, bad}.trusted(backward)));
    }
  }
}

TEST(AreTrusted, sums_of_products_so_small_that_some_may_have_underflowed_are_not) {
  for (const bool backward : {false, true}) {
    EXPECT_FALSE((OneChannel{0, 0}.trusted(backward)));
    EXPECT_FALSE((OneChannel{0, 99 * 0x1p-100}.trusted(backward)));
    EXPECT_TRUE((OneChannel{0, 101 * 0x1p-100}.trusted(backward)));
  }
}

// Σ d = 100 · shift off the mean.
TEST(AreTrusted, sums_about_a_shift_far_from_the_mean_are_not) {
  const double square = 3 * 100;  // of Σ d, where the variance is 1/4 of the mean square of 4/100
  EXPECT_TRUE((OneChannel{std::sqrt(square) * 0.99, 4}.trusted(false)));
  EXPECT_FALSE((OneChannel{std::sqrt(square) * 1.01, 4}.trusted(false)));
}

TEST(AreTrusted, one_channel_that_is_not_is_found_among_many) {
  const std::vector<float> about(7);
  const std::vector<double> first(7, 1);
  for (std::size_t bad = 0; bad < first.size(); ++bad) {
    std::vector<double> second(7, 100), trusted(7);
    second[bad] = no_number;
    EXPECT_FALSE(vector::are_trusted(7, {about.data(), first.data(), second.data()}, 100, false, trusted.data()));
    for (std::size_t k = 0; k < trusted.size(); ++k) EXPECT_EQ(trusted[k], k == bad ? 0 : 1);
  }
}

}  // namespace
}  // namespace normproof::tests
