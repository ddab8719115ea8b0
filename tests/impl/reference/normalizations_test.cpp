// Do the reference normalizations take their statistics over the values that they should, and no others?
#include "impl/reference/normalizations.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

namespace reference = normproof::reference;
using Values = std::vector<double>;

TEST(ReferenceInstanceNorm, normalizes_each_channel_of_each_sample_by_its_own_places) {
  // Two samples, two channels, two places: means 1, 4, 3, 10, deviation 1 each; ε = 3.
  const Values x{0, 2, 5, 3, 2, 4, 9, 11};
  Values y(8);
  reference::instance_norm<double>(x, {2, 2, 2}, Values{4, 2}, Values{1, 0}, 3.0, y);
  EXPECT_EQ(y, (Values{-1, 3, 1, -1, -1, 3, -1, 1}));
}

TEST(ReferenceGroupNorm, of_one_channel_a_group_is_instance_norm) {
  const Values x{0, 2, 5, 3, 2, 4, 9, 11}, gamma{4, 2}, beta{1, 0};
  Values y(8), other(8);
  reference::group_norm<double>(x, {2, 2, 2}, 1, gamma, beta, 3.0, y);
  reference::instance_norm<double>(x, {2, 2, 2}, gamma, beta, 3.0, other);
  EXPECT_EQ(y, other);
}

TEST(ReferenceGroupNorm, shares_statistics_within_a_group_and_keeps_gamma_and_beta_by_channel) {
  // Groups (0, 2) and (5, 3).
  Values y(4);
  reference::group_norm<double>(Values{0, 2, 5, 3}, {1, 4, 1}, 2, Values{2, 4, 6, 8}, Values{0, 0, 0, 1}, 3.0, y);
  EXPECT_EQ(y, (Values{-1, 2, 3, -3}));
}

TEST(ReferenceRmsNorm, divides_by_the_root_of_the_mean_square_and_subtracts_nothing) {
  Values y(2);
  reference::rms_norm<double>(Values{1, 7}, {1, 2}, Values{12, 6}, 11.0, y);
  EXPECT_EQ(y, (Values{2, 7}));
}

TEST(ReferenceScaleNorm, gives_each_sample_the_length_of_the_gain) {
  Values y(4);
  reference::scale_norm<double>(Values{3, 4, 0, -2}, {2, 2}, 10.0, y);
  EXPECT_EQ(y, (Values{6, 8, 0, -10}));
}

TEST(ReferenceWeightNorm, normalizes_each_unit_and_adds_the_bias_after) {
  // Rows of v have lengths 5 and 2.
  Values y(4);
  reference::weight_norm_layer<double>(Values{1, 0, 0, 1}, {2, 2}, Values{3, 4, 0, 2}, Values{10, 7}, Values{1, 0}, y);
  EXPECT_EQ(y, (Values{7, 0, 9, 7}));
}

}  // namespace
