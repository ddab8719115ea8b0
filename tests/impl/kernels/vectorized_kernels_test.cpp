// Do the vectorized kernels give the same bits whatever does the work: any vector target, stores, number of threads?
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "impl/kernel.h"
#include "impl/kernels/vector/dispatch.hpp"
#include "impl/kernels/vector/explain.hpp"
#include "impl/kernels/vector/plan.hpp"
#include "tests/impl/kernels/sample_call.hpp"

namespace normproof::tests {
namespace {

namespace vector = kernels::vector;

std::vector<std::string> vectorized_kernels() {
  std::vector<std::string> names;
  for (const normproof_kernel* kernel : builtin_kernels())
    if (vector::is_vectorized(kernel->flags)) names.emplace_back(kernel->name);
  return names;
}

enum class Layout { channels_first, channels_last };

struct Shape {
  std::int64_t batch, channels, spatial;
};

// Every traversal and every kind of tail: long planes, planes seen as columns, few places, channels last, N×C, one
// channel, one sample.
const Shape shapes[] = {{3, 5, 300},  {40, 20, 49}, {40, 18, 5}, {37, 33, 1},
                        {100, 3, 16}, {1, 7, 64},   {9, 1, 61},  {64, 64, 16}};

// The bytes of all outputs of a call with drawn operands; of one channel the sums in two levels cannot be trusted.
std::vector<float> outputs_of(const std::string& name, const Shape& shape, Layout layout, int threads = 1) {
  const normproof_kernel& kernel = kernel_named(name);
  SampleCall sample(kernel, shape.batch, shape.channels, shape.spatial, NORMPROOF_F32);
  sample.call.threads = threads;
  if (layout == Layout::channels_last) {
    for (const TensorOperand operand : all_tensors) {
      (sample.call.*operand).channel_stride = 1;
      (sample.call.*operand).spatial_stride = shape.channels;
    }
  }
  std::mt19937 random(1);
  std::normal_distribution<double> drawn(3, 1);
  const auto draw = [&](auto operand) {
    Values values = sample.values(operand);
    for (double& value : values) value = drawn(random);
    sample.set(operand, values);
  };
  const auto draw_with_an_odd_channel = [&](TensorOperand operand, double odd) {
    draw(operand);
    if (shape.channels < 2) return;
    Values values = sample.values(operand);
    for (std::size_t k = 0; k < values.size(); ++k)
      if (static_cast<std::int64_t>(k) / shape.spatial % shape.channels == 1) values[k] *= odd;
    sample.set(operand, values);
  };
  draw_with_an_odd_channel(&normproof_call::x, 0x1p-100);
  draw_with_an_odd_channel(&normproof_call::dy, 0);
  draw(&normproof_call::gamma);
  draw(&normproof_call::beta);
  draw(&normproof_call::saved_mean);
  draw(&normproof_call::fn_mean);
  sample.set(&normproof_call::fn_square, Values(static_cast<std::size_t>(shape.channels), 40));
  EXPECT_EQ(sample.run(), NORMPROOF_OK) << name;
  std::vector<float> bits;
  const auto take = [&](auto operand) {
    for (const double value : sample.values(operand)) bits.push_back(static_cast<float>(value));
  };
  for (const TensorOperand operand : {&normproof_call::y, &normproof_call::dx}) take(operand);
  for (const VectorOperand operand : all_vectors) take(operand);
  return bits;
}

bool same_bits(const std::vector<float>& one, const std::vector<float>& other) {
  return one.size() == other.size() && std::memcmp(one.data(), other.data(), one.size() * sizeof(float)) == 0;
}

vector::DenseShape planes(std::int64_t batch, std::int64_t channels, std::int64_t spatial) {
  vector::DenseShape shape;
  shape.planes = true;
  shape.batch = batch;
  shape.channels = channels;
  shape.spatial = spatial;
  return shape;
}

// What is forced in a test is no longer forced after it.
class VectorizedKernels : public testing::TestWithParam<std::string> {
 protected:
  void TearDown() override {
    vector::force_vector_target(std::nullopt);
    vector::force_stores(std::nullopt);
    vector::force_cache_sizes(std::nullopt);
  }

  template <class Visit>
  void for_each_shape(const Visit& visit) const {
    for (const Shape& shape : shapes) {
      for (const Layout layout : {Layout::channels_first, Layout::channels_last}) {
        SCOPED_TRACE(std::to_string(shape.batch) + "×" + std::to_string(shape.channels) + "×" +
                     std::to_string(shape.spatial) + (layout == Layout::channels_first ? " first" : " last"));
        visit(shape, layout);
      }
    }
  }
};

TEST_P(VectorizedKernels, give_the_same_bits_on_every_target_with_a_fused_multiply_add) {
  for_each_shape([&](const Shape& shape, Layout layout) {
    std::optional<std::vector<float>> first;
    for (const vector::VectorTarget& target : vector::vector_targets()) {
      if (!target.fused) continue;
      vector::force_vector_target(target.name);
      ASSERT_EQ(vector::vector_target_in_use().name, target.name);
      const std::vector<float> bits = outputs_of(GetParam(), shape, layout);
      if (!first) first = bits;
      EXPECT_TRUE(same_bits(bits, *first)) << target.name;
    }
  });
}

TEST_P(VectorizedKernels, give_the_same_bits_with_either_kind_of_stores) {
  for_each_shape([&](const Shape& shape, Layout layout) {
    vector::force_stores(vector::Stores::regular);
    const std::vector<float> regular = outputs_of(GetParam(), shape, layout);
    vector::force_stores(vector::Stores::non_temporal);
    EXPECT_TRUE(same_bits(outputs_of(GetParam(), shape, layout), regular));
  });
}

TEST_P(VectorizedKernels, give_the_same_bits_for_any_number_of_threads) {
  for (const std::int64_t second_level : {std::int64_t{1} << 20, std::int64_t{4096}}) {
    vector::force_cache_sizes(vector::CacheSizes{second_level});
    for_each_shape([&](const Shape& shape, Layout layout) {
      const std::vector<float> alone = outputs_of(GetParam(), shape, layout);
      for (const int threads : {2, 3, 8}) EXPECT_TRUE(same_bits(outputs_of(GetParam(), shape, layout, threads), alone));
    });
  }
}

TEST_P(VectorizedKernels, give_the_same_bits_for_any_number_of_threads_where_one_channel_nearly_fills_the_cache) {
  // Three quarters of it: the sums of the next channel are formed while this one is written, but for a worker's first.
  const Shape shape = {4, 17, 48};
  const int operands_read = GetParam().find("backward") != std::string::npos ? 2 : 1;
  const std::int64_t channel_bytes = shape.batch * shape.spatial * 4 * operands_read;
  const vector::CacheSizes nearly_filled = {channel_bytes * 4 / 3};
  const vector::Plan plan =
      vector::plan_for(planes(shape.batch, shape.channels, shape.spatial), operands_read, false, nearly_filled);
  ASSERT_TRUE(plan.sums_ahead);
  ASSERT_EQ(plan.channels_per_block, 1);
  vector::force_cache_sizes(nearly_filled);
  const std::vector<float> alone = outputs_of(GetParam(), shape, Layout::channels_first);
  for (const int threads : {2, 3, 8})
    EXPECT_TRUE(same_bits(outputs_of(GetParam(), shape, Layout::channels_first, threads), alone)) << threads;
  vector::force_cache_sizes(vector::CacheSizes{channel_bytes * 8});
  EXPECT_TRUE(same_bits(outputs_of(GetParam(), shape, Layout::channels_first), alone)) << "blocks of two channels";
}

std::string name_of(const testing::TestParamInfo<std::string>& of) { return of.param; }

INSTANTIATE_TEST_SUITE_P(Builtin, VectorizedKernels, testing::ValuesIn(vectorized_kernels()), name_of);

// ---- what would run

constexpr vector::CacheSizes one_mebibyte = {std::int64_t{1} << 20};

TEST(VectorPlan, reads_a_channel_once_where_it_fits_into_the_second_level) {
  const vector::Plan plan = vector::plan_for(planes(96, 256, 196), 1, false, one_mebibyte);
  EXPECT_EQ(plan.traversal, vector::Plan::Traversal::blocks);
  EXPECT_TRUE(plan.block_fits);
  EXPECT_LE(plan.channels_per_block * 96 * 196 * 4, one_mebibyte.second_level);
}

TEST(VectorPlan, fetches_the_next_block_where_two_fit_or_one_leaves_little_room) {
  const auto fetches = [](std::int64_t batch) {
    return vector::plan_for(planes(batch, 64, 3136), 2, false, one_mebibyte).sums_ahead;
  };
  EXPECT_TRUE(fetches(16));
  EXPECT_FALSE(fetches(24));
  EXPECT_TRUE(fetches(32));
}

TEST(VectorPlan, reads_short_planes_twice_where_the_caches_keep_them_all) {
  const vector::DenseShape kept = planes(32, 256, 196);
  const vector::Plan plan = vector::plan_for(kept, 1, false, one_mebibyte);
  EXPECT_FALSE(plan.block_fits);
  EXPECT_GT(plan.channels_per_block * 32 * 196 * 4, one_mebibyte.second_level);
  EXPECT_NE(vector::in_words(kept, plan, true).find("each read twice"), std::string::npos);
}

TEST(VectorPlan, takes_several_rows_of_few_columns_as_one) {
  vector::DenseShape rows;
  rows.rows = 1024;
  rows.columns = 64;
  EXPECT_EQ(vector::plan_for(rows, 1, false, one_mebibyte).folded_rows, 4);
  rows.columns = 1024;
  EXPECT_EQ(vector::plan_for(rows, 1, false, one_mebibyte).folded_rows, 1);
}

TEST(VectorPlan, reads_a_channel_twice_where_it_does_not_fit) {
  EXPECT_EQ(vector::plan_for(planes(64, 3, 10000), 1, false, one_mebibyte).traversal,
            vector::Plan::Traversal::segments);
}

TEST(VectorPlan, writes_past_the_caches_only_what_they_do_not_keep) {
  EXPECT_EQ(vector::plan_for(planes(16, 32, 64), 1, false, one_mebibyte).stores, vector::Stores::regular);
  EXPECT_EQ(vector::plan_for(planes(32, 64, 3136), 1, false, one_mebibyte).stores, vector::Stores::non_temporal);
}

TEST(VectorPlan, writes_through_the_caches_what_is_done_in_place) {
  EXPECT_EQ(vector::plan_for(planes(32, 64, 3136), 1, true, one_mebibyte).stores, vector::Stores::regular);
}

}  // namespace
}  // namespace normproof::tests
