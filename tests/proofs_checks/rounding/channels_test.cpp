// Are channels what their recipes say, the same every time, and are heights those of the orders?
#include "proofs_checks/rounding/channels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace normproof::rounding {
namespace {

using evidence::Effort;
using Kind = ChannelRecipe::Kind;
using reference::SummationOrder;

TEST(Channel, depends_on_recipe_seed_and_replica_alone) {
  const ChannelRecipe recipe = {Kind::normal, 10, 100};
  EXPECT_EQ(channel(recipe, 1, 2), channel(recipe, 1, 2));
  EXPECT_NE(channel(recipe, 1, 2), channel(recipe, 1, 3));
  EXPECT_NE(channel(recipe, 1, 2), channel(recipe, 2, 2));
  const std::vector<float> x = channel(recipe, 1, 2);
  EXPECT_EQ(upstream(recipe, x, 1, 2), upstream(recipe, x, 1, 2));
}

TEST(Channel, has_its_count_and_about_its_condition) {
  for (const double condition : {1.0, 100.0, 1e4})
    for (const std::size_t count : {1U, 2U, 4097U}) {
      const std::vector<float> x = channel({Kind::normal, condition, count}, 5, 0);
      ASSERT_EQ(x.size(), count);
      if (count < 1000) continue;
      const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(count);
      double squares = 0;
      for (const float value : x) squares += (value - mean) * (value - mean);
      EXPECT_NEAR(mean, condition, 0.1);
      EXPECT_NEAR(squares / static_cast<double>(count), 1, 0.2);
    }
}

TEST(Channel, of_condition_zero_has_a_mean_of_exactly_zero) {
  for (const std::size_t count : {1U, 2U, 17U, 256U}) {
    const std::vector<float> x = channel({Kind::normal, 0, count}, 5, 0);
    EXPECT_EQ(std::accumulate(x.begin(), x.end(), 0.0), 0);  // pairs of opposite numbers: exact in this order
  }
}

TEST(Channel, kinds_are_what_they_are_called) {
  const std::vector<float> constant = channel({Kind::constant, 1e3, 50}, 1, 0);
  EXPECT_TRUE(std::all_of(constant.begin(), constant.end(), [&](float value) { return value == constant[0]; }));
  EXPECT_GE(std::fabs(constant[0]), 1e3F);
  EXPECT_EQ(parameters({Kind::unscaled, 1, 5}, 1, 0).gamma, 0);
  EXPECT_NE(parameters({Kind::normal, 1, 5}, 1, 0).gamma, 0);
  const std::vector<float> ties = channel({Kind::ties, 0, 9}, 1, 0);
  float sum = 0;
  for (const float value : ties) sum += value;
  EXPECT_EQ(sum, 1) << "every addition is a tie";
}

TEST(Height, is_that_of_the_order) {
  using Order = SummationOrder::Kind;
  for (const std::size_t count : {1U, 2U, 3U, 64U, 65U, 1000U}) {
    const double n = static_cast<double>(count);
    EXPECT_EQ(height({Order::chain}, count), n - 1);
    EXPECT_EQ(height({Order::pairwise}, count), std::ceil(std::log2(n)));
  }
  EXPECT_EQ(height({Order::blocks, 64}, 1000), 63 + 15);
  EXPECT_EQ(height({Order::blocks, 64}, 65), 63 + 1);
  EXPECT_EQ(height({Order::lanes, 8}, 256), 31 + 3);
  EXPECT_EQ(height({Order::lanes, 8}, 5), 3);
}

TEST(Grid, goes_to_a_million_values_at_standard_and_ten_million_at_deep_effort) {
  const auto most = [](Effort effort) {
    std::size_t count = 0;
    for (const ChannelRecipe& recipe : grid(effort)) count = std::max(count, recipe.count);
    return count;
  };
  EXPECT_EQ(most(Effort::quick), 10'000U);
  EXPECT_EQ(most(Effort::standard), 1'000'000U);
  EXPECT_EQ(most(Effort::deep), 10'000'000U);
  std::set<std::string> ids;
  for (const ChannelRecipe& recipe : grid(Effort::deep)) EXPECT_TRUE(ids.insert(recipe.id()).second) << recipe.id();
  for (const ChannelRecipe& recipe : tightness_grid(Effort::deep)) {
    EXPECT_LE(recipe.condition, 1e3);
    EXPECT_EQ(tightness_replicas(recipe.count, Effort::quick) % 2, 1U) << "an odd number has a middle one";
  }
}

}  // namespace
}  // namespace normproof::rounding
