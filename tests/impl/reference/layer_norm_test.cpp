// Does the reference layer normalization give the values that a reader computes by hand?
#include "impl/reference/layer_norm.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

namespace reference = normproof::reference;
using Values = std::vector<double>;

// Rows with mean 1 and 4, and variance 1 each.
const Values x{0, 2, 5, 3};
const Values gamma{4, 2};
const Values beta{9, 1};

TEST(ReferenceLayerNorm, normalizes_each_sample_by_its_own_features) {
  Values y(4);
  reference::layer_norm<double>(x, {2, 2}, gamma, beta, 3.0, y);
  EXPECT_EQ(y, (Values{7, 2, 11, 0}));
}

TEST(ReferenceLayerNorm, may_write_over_its_input) {
  Values y = x;
  reference::layer_norm<double>(y, {2, 2}, gamma, beta, 3.0, y);
  EXPECT_EQ(y, (Values{7, 2, 11, 0}));
}

TEST(ReferenceLayerNorm, of_a_single_feature_is_beta) {
  Values y(2);
  reference::layer_norm<double>(Values{5, -7}, {2, 1}, Values{4}, Values{9}, 3.0, y);
  EXPECT_EQ(y, (Values{9, 9}));
}

}  // namespace
