// Does the reference synchronized batch normalization merge, normalize and differentiate as computed by hand?
#include "impl/reference/sync_batch_norm.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

namespace reference = normproof::reference;
using reference::Aggregation;
using reference::GradientSums;
using Values = std::vector<double>;
using Rows = std::vector<int>;

// One channel with mean 2 and biased variance 5; the first two rows have mean 0 and variance 1, the last two 4 and 1.
const Values x{-1, 1, 3, 5};
const reference::Extents four_by_one{4, 1};

Values statistics(const Rows& device_rows, Aggregation aggregation) {
  Values mean(1), variance(1);
  reference::sync_statistics<double>(x, four_by_one, device_rows, aggregation, mean, variance);
  return {mean[0], variance[0]};
}

TEST(ReferenceSyncBatchNorm, merges_every_partition_to_the_statistics_of_all_rows) {
  for (const Rows& rows : {Rows{4}, Rows{2, 2}, Rows{1, 3}, Rows{0, 4}, Rows{1, 0, 3, 0}, Rows{1, 1, 1, 1}}) {
    EXPECT_EQ(statistics(rows, Aggregation::chan), (Values{2, 5})) << rows.size() << " devices";
    EXPECT_EQ(statistics(rows, Aggregation::moments), (Values{2, 5})) << rows.size() << " devices";
  }
}

TEST(ReferenceSyncBatchNorm, averages_over_devices_without_the_spread_of_their_means) {
  EXPECT_EQ(statistics({2, 2}, Aggregation::equal_weights), (Values{2, 1}));
}

TEST(ReferenceSyncBatchNorm, averages_over_devices_that_hold_rows) {
  EXPECT_EQ(statistics({2, 0, 2}, Aggregation::equal_weights), (Values{2, 1}));
}

TEST(ReferenceSyncBatchNorm, normalizes_all_rows_by_the_merged_statistics) {
  Values y(4);
  reference::sync_batch_norm_train<double>(x, four_by_one, Rows{1, 3}, Aggregation::chan, Values{6}, Values{1}, 4.0, y);
  EXPECT_EQ(y, (Values{-5, -1, 3, 7}));  // s = 3
}

// s = 3, x̂ = −1, −1/3, 1/3, 1; Σ dy = 6, Σ dy x̂ = 2.
struct Gradients {
  Values dx = Values(4), dgamma = Values(1), dbeta = Values(1);
};
Gradients backward(const Rows& device_rows, GradientSums sums) {
  Gradients out;
  reference::sync_batch_norm_backward<double>(x, Values{0, 0, 6, 0}, four_by_one, device_rows, sums, Values{6}, 4.0,
                                              out.dx, out.dgamma, out.dbeta);
  return out;
}

void expect_near(const Values& actual, const Values& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t k = 0; k < actual.size(); ++k)
    EXPECT_NEAR(actual[k], expected[k], 1e-14) << "entry " << k;  // thirds are not exact in double
}

TEST(ReferenceSyncBatchNorm, sums_gradients_over_all_devices) {
  for (const Rows& rows : {Rows{4}, Rows{2, 2}, Rows{1, 0, 3}}) {
    const Gradients out = backward(rows, GradientSums::global);
    expect_near(out.dx, {2 * (-1.5 + 0.5), 2 * (-1.5 + 0.5 / 3), 2 * (4.5 - 0.5 / 3), 2 * (-1.5 - 0.5)});
    expect_near(out.dgamma, {2});
    expect_near(out.dbeta, {6});
  }
}

TEST(ReferenceSyncBatchNorm, local_sums_leave_a_device_without_upstream_without_gradient) {
  expect_near(backward({2, 2}, GradientSums::local).dx, {0, 0, 2 * (3 - 1.0 / 3), 2 * (-3 - 1.0)});
}

TEST(ReferenceSyncBatchNorm, averages_of_averages_weigh_devices_and_not_rows) {
  // Device averages 0 and 2 of dy, 0 and 2/3 of dy x̂: their averages are 1 and 1/3.
  expect_near(backward({1, 3}, GradientSums::device_averages).dx,
              {2 * (-1 + 1.0 / 3), 2 * (-1 + 1.0 / 9), 2 * (5 - 1.0 / 9), 2 * (-1 - 1.0 / 3)});
}

}  // namespace
