// Does the reference batch normalization of images give the values that a reader computes by hand, in either layout?
#include "impl/reference/image_batch_norm.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

namespace reference = normproof::reference;
using reference::ImageExtents;
using Values = std::vector<double>;

// One image of two channels and two places: channel (0, 2) has mean 1, channel (5, 3) has mean 4, both variance 1.
const ImageExtents one_by_two{1, 2, 1, 2};
const Values gamma{4, 2};
const Values beta{9, 1};

TEST(ReferenceImageBatchNorm, takes_statistics_over_the_places_of_a_channel_channels_first) {
  Values y(4);
  reference::image_batch_norm_train<double>(Values{0, 2, 5, 3}, one_by_two, reference::nchw(one_by_two), gamma, beta,
                                            3.0, y);
  EXPECT_EQ(y, (Values{7, 11, 2, 0}));
}

TEST(ReferenceImageBatchNorm, takes_statistics_over_the_places_of_a_channel_channels_last) {
  Values y(4);
  reference::image_batch_norm_train<double>(Values{0, 5, 2, 3}, one_by_two, reference::nhwc(one_by_two), gamma, beta,
                                            3.0, y);
  EXPECT_EQ(y, (Values{7, 2, 11, 0}));
}

TEST(ReferenceImageBatchNorm, images_share_the_statistics_of_a_channel) {
  const ImageExtents two_images{2, 1, 1, 1};
  Values y(2);
  reference::image_batch_norm_train<double>(Values{0, 2}, two_images, reference::nchw(two_images), Values{4}, Values{9},
                                            3.0, y);
  EXPECT_EQ(y, (Values{7, 11}));
}

TEST(ImageStrides, tell_where_a_value_lies) {
  const ImageExtents e{2, 3, 4, 5};
  EXPECT_EQ(reference::nchw(e).at(1, 2, 3, 4), e.size() - 1);
  EXPECT_EQ(reference::nhwc(e).at(1, 2, 3, 4), e.size() - 1);
  EXPECT_EQ(reference::nchw(e).at(0, 1, 0, 0), 20U);
  EXPECT_EQ(reference::nhwc(e).at(0, 1, 0, 0), 1U);
}

}  // namespace
