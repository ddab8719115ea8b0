// Are the groups of the normalization family the right ones, and their spreads what their names say?
#include "theory/normalizations/index_groups.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace normproof::theory_tests {
namespace {

using theory::IndexGroups;
using theory::Spread;

// Two samples, two channels, two places.
const theory::Axes axes{2, 2, 2};

TEST(Groups, by_channel_hold_all_samples_and_places) {
  EXPECT_EQ(theory::groups_by_channel(axes), (IndexGroups{{0, 1, 4, 5}, {2, 3, 6, 7}}));
}

TEST(Groups, by_sample_hold_as_many_channels_as_asked_for) {
  EXPECT_EQ(theory::groups_by_sample(axes, 2), (IndexGroups{{0, 1, 2, 3}, {4, 5, 6, 7}}));
  EXPECT_EQ(theory::groups_by_sample(axes, 1), (IndexGroups{{0, 1}, {2, 3}, {4, 5}, {6, 7}}));
}

TEST(Groups, must_divide_the_channels) { EXPECT_THROW(theory::groups_by_sample(axes, 3), std::invalid_argument); }

double spread(std::initializer_list<double> values, Spread kind, double eps) {
  theory::Vector<double> x(static_cast<Eigen::Index>(values.size()));
  std::vector<int> group;
  for (const double value : values) {
    x(static_cast<Eigen::Index>(group.size())) = value;
    group.push_back(static_cast<int>(group.size()));
  }
  return theory::spread_of(x, group, kind, eps);
}

TEST(Spread, is_what_its_name_says) {
  EXPECT_EQ(spread({2, 4, -1, 3}, Spread::deviation, 0.5), 2);  // variance 7/2
  EXPECT_EQ(spread({1, 7}, Spread::root_mean_square, 11), 6);
  EXPECT_EQ(spread({3, -4}, Spread::length, 0), 5);
  EXPECT_EQ(spread({3, -4, 2}, Spread::mean_absolute, 0), 3);
  EXPECT_EQ(spread({3, -4, 2}, Spread::largest_absolute, 0), 4);
}

TEST(NormalizedOverGroups, subtracts_the_mean_of_the_group_only_where_asked_to) {
  theory::Vector<double> x(4);
  x << 1, 3, -4, 3;
  const IndexGroups groups{{0, 1}, {2, 3}};
  const theory::Vector<double> about = theory::normalized_over_groups(x, groups, true, Spread::deviation, 0.0);
  EXPECT_EQ(about(0), -1);
  EXPECT_EQ(about(3), 1);
  const theory::Vector<double> raw = theory::normalized_over_groups(x, groups, false, Spread::length, 0.0);
  EXPECT_EQ(raw(2), -0.8);
  EXPECT_EQ(raw(3), 0.6);
}

TEST(NormalizedOverGroups, refuses_an_empty_group) {
  EXPECT_THROW(theory::normalized_over_groups<double>(theory::zero_vector<double>(1), {{0}, {}}, true,
                                                      Spread::mean_absolute, 0.0),
               std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
