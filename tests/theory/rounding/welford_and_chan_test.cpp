// Do Welford's updates and Chan's merges stay within their bounds, are they exact on constant channels, and does the
// law of the class `updating` take in every merge tree that it says it does?
#include "theory/rounding/welford_and_chan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/theory/rounding/float_kernels.hpp"
#include "theory/rounding/normalization_bounds.hpp"
#include "theory/rounding/tree_height.hpp"

namespace {

using namespace normproof::tests;
using namespace normproof::theory;

const Unit unit;
constexpr double eps = 1e-5;

std::vector<std::vector<float>> channels(std::size_t m) {
  std::vector<std::vector<float>> made;
  for (const double condition : {0.0, 1.0, 100.0, 1e4, 1e6}) {
    made.push_back(random_channel(m, condition, m));
    std::vector<float> sorted = made.back();
    std::sort(sorted.begin(), sorted.end());  // prefixes whose means are far from the channel's
    made.push_back(sorted);
    made.back().front() -= 100;  // and an outlier first
  }
  return made;
}

TEST(WelfordBounds, hold_for_every_length_and_condition) {
  double largest_part = 0;
  for (const std::size_t m : {1U, 2U, 3U, 10U, 200U, 5000U}) {
    for (const std::vector<float>& x : channels(m)) {
      const Statistics<float> got = welford<float>(x);
      const Reference right = reference(x, eps);
      const double mean_bound = welford_error(right.data, unit, right.data.count).mean + 4 * unit.smallest;
      EXPECT_LE(error(got.mean, right.mean), mean_bound);
      EXPECT_LE(error(got.variance, right.variance), welford_variance_error(right.data, unit));
      largest_part = std::max(largest_part, error(got.mean, right.mean) / mean_bound);
    }
  }
  EXPECT_GT(largest_part, 0.2);  // empirical: the bound of the mean is near what long chains do
}

TEST(WelfordBounds, are_zero_on_constant_channels_and_the_updates_are_exact_there) {
  for (const float value : {0.1F, 14.3F, -1e6F / 3}) {
    const std::vector<float> x(3000, value);
    const Statistics<float> got = welford<float>(x);
    EXPECT_EQ(got.mean, value);
    EXPECT_EQ(got.variance, 0);
    EXPECT_EQ(welford_variance_error(reference(x, eps).data, unit), 0);
  }
}

TEST(WelfordBounds, are_broken_by_one_pass) {
  const std::vector<float> x = random_channel(500, 1e4, 3);
  const Reference right = reference(x, eps);
  const Statistics<float> got = one_pass_statistics<float>(x, pairwise_sum<float>);
  EXPECT_GT(error(got.variance, right.variance), welford_variance_error(right.data, unit));
}

TEST(ChanBounds, hold_for_merges_of_single_values_and_of_rows) {
  int compared = 0;
  for (const std::size_t m : {1U, 2U, 7U, 100U, 3000U}) {
    for (const std::vector<float>& x : channels(m)) {
      const Reference right = reference(x, eps);
      for (const std::size_t leaf : {1U, 2U, 32U}) {
        const Statistics<float> got = chan<float>(x, leaf);
        const auto parts = std::max(1.0, static_cast<double>(m) / static_cast<double>(leaf));
        const MergeTree tree = {static_cast<int>(std::ceil(std::log2(parts))), static_cast<double>(leaf - 1)};
        EXPECT_LE(error(got.mean, right.mean), chan_error(right.data, unit, tree).mean);
        EXPECT_LE(error(got.variance, right.variance), chan_variance_error(right.data, unit, tree));
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 5 * 10 * 3);
}

// What `updating` grants is h·u·X for the means and a share of it for the deviations, h = granted_height.
TEST(UpdatingLaw, takes_in_pairwise_merges_at_every_count) {
  const double u = unit.roundoff;
  int compared = 0;
  for (double m = 2; m < 0x1p30; m = std::ceil(m * 1.3)) {
    ChannelData c;
    c.count = m;
    c.root_mean_square = 1;
    const double granted = compound_error(granted_height(m), u);
    for (const double leaf : {1.0, 32.0, 64.0}) {
      const int merges = static_cast<int>(std::ceil(std::log2(std::max(1.0, m / leaf))));
      const UpdatingError tree = chan_error(c, unit, {merges, std::min(m, leaf) - 1}, granted_forward_roundings);
      EXPECT_LE(tree.mean, granted) << m << " " << leaf;
      EXPECT_LE(tree.deviation, updating_deviation_share * granted) << m << " " << leaf;
      EXPECT_LE(merges + std::min(m, leaf) + chan_end_roundings,
                granted_height(m) + granted_forward_roundings.variance);
      ++compared;
    }
  }
  EXPECT_GT(compared, 150);
}

TEST(UpdatingLaw, takes_in_rows_of_as_many_blocks_as_the_root_of_the_count) {
  for (double m = 4; m < 0x1p30; m = std::ceil(m * 1.3)) {
    for (const double angle : {0.0, 0.4, 0.8, 1.2, 1.5707}) {  // of mean and deviation in X = 1
      ChannelData c;
      c.count = m;
      c.mean = std::cos(angle);
      c.variance = std::sin(angle) * std::sin(angle);
      c.root_mean_square = 1;
      const double blocks = std::ceil(std::sqrt(m));
      const double leaf = compound_error(std::ceil(std::log2(blocks)) + 3, unit.roundoff);
      const UpdatingError row = welford_error(c, unit, blocks, leaf);
      const double granted = compound_error(granted_height(m), unit.roundoff);
      EXPECT_LE(row.mean, granted) << m;
      EXPECT_LE(row.deviation, updating_deviation_share * granted) << m;
    }
  }
}

}  // namespace
