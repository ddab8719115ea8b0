// Which sums does the height granted to every kernel take in, and which not?
#include "theory/rounding/tree_height.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using normproof::theory::granted_height;

TEST(GrantedHeight, takes_in_a_plain_loop_up_to167_values) {
  EXPECT_GE(granted_height(167), 167);
  EXPECT_LT(granted_height(168), 168);
}

TEST(GrantedHeight, takes_in_pairwise_sums_and_blocks_of_any_sensible_size) {
  int compared = 0;
  for (double m = 1; m < 0x1p40; m = std::ceil(m * 1.7)) {
    EXPECT_LE(std::ceil(std::log2(m)), granted_height(m));
    for (const double ratio : {1 / 7.8, 0.5, 1.0, 2.0, 7.8}) {
      const double block = std::ceil(ratio * std::sqrt(m));
      EXPECT_LE(block + std::ceil(m / block), granted_height(m));
      ++compared;
    }
  }
  EXPECT_GT(compared, 200);
}

TEST(GrantedHeight, takes_in_lanes_up_to_sixty_four_times_their_square) {
  for (const double lanes : {4.0, 8.0, 16.0, 64.0}) {
    const double m = 64 * lanes * lanes;
    EXPECT_LE(m / lanes + std::log2(lanes), granted_height(m));
    EXPECT_GT(8 * m / lanes, granted_height(8 * m));
  }
}

TEST(GrantedHeight, is_sixty_four_without_values) {
  EXPECT_EQ(granted_height(0), 64);
  EXPECT_EQ(granted_height(-1), 64);
}

}  // namespace
