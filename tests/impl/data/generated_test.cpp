// Do the generated digits depend on the seed alone, and do they share with MNIST what normalization is sensitive to?
#include "impl/data/generated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <vector>

namespace normproof::data {
namespace {

constexpr std::size_t pixels_per_image = 28 * 28;

// FNV-1a, to pin the bits of a data set in one number.
std::uint64_t fingerprint(const LabelledImages& set) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  const auto add = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001b3u; };
  std::for_each(set.images.pixels.begin(), set.images.pixels.end(), add);
  std::for_each(set.labels.begin(), set.labels.end(), add);
  return hash;
}

std::vector<std::uint8_t> image(const LabelledImages& set, std::size_t index) {
  const auto begin = set.images.pixels.begin() + static_cast<std::ptrdiff_t>(index * pixels_per_image);
  return {begin, begin + static_cast<std::ptrdiff_t>(pixels_per_image)};
}

TEST(GeneratedDigits, have_the_shape_of_mnist) {
  const LabelledImages set = generated_digits(1, 25);
  EXPECT_EQ(set.images.count, 25);
  EXPECT_EQ(set.images.rows, 28);
  EXPECT_EQ(set.images.columns, 28);
  EXPECT_EQ(set.images.pixels.size(), 25 * pixels_per_image);
  EXPECT_EQ(set.labels.size(), 25u);
}

TEST(GeneratedDigits, are_the_same_bits_for_the_same_seed_on_every_machine) {
  EXPECT_EQ(fingerprint(generated_digits(1, 100)), fingerprint(generated_digits(1, 100)));
  EXPECT_EQ(fingerprint(generated_digits(1, 100)), 15532591202735992340u);
}

TEST(GeneratedDigits, differ_from_seed_to_seed_in_all_64_bits_of_it) {
  std::set<std::uint64_t> fingerprints;
  for (const std::uint64_t seed :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 31, std::uint64_t{1} << 32, std::uint64_t{1} << 63}) {
    fingerprints.insert(fingerprint(generated_digits(seed, 10)));
  }
  EXPECT_EQ(fingerprints.size(), 5u);
}

TEST(GeneratedDigits, of_a_smaller_set_begin_a_larger_one) {
  const LabelledImages small = generated_digits(7, 13);
  const LabelledImages large = generated_digits(7, 40);
  EXPECT_TRUE(std::equal(small.images.pixels.begin(), small.images.pixels.end(), large.images.pixels.begin()));
  EXPECT_TRUE(std::equal(small.labels.begin(), small.labels.end(), large.labels.begin()));
}

TEST(GeneratedDigits, hold_every_label_once_in_each_run_of_ten_in_changing_order) {
  const LabelledImages set = generated_digits(3, 200);
  std::set<std::vector<std::uint8_t>> orders;
  for (std::size_t run = 0; run < 20; ++run) {
    const auto begin = set.labels.begin() + static_cast<std::ptrdiff_t>(10 * run);
    std::vector<std::uint8_t> labels(begin, begin + 10);
    orders.insert(labels);
    std::sort(labels.begin(), labels.end());
    EXPECT_EQ(labels, (std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  }
  EXPECT_GT(orders.size(), 10u);
}

TEST(GeneratedDigits, are_zero_at_the_border_in_every_image_and_not_within) {
  const LabelledImages set = generated_digits(5, 1000);
  std::array<int, pixels_per_image> largest{};
  for (std::size_t i = 0; i < set.images.pixels.size(); ++i) {
    auto& pixel = largest[i % pixels_per_image];
    pixel = std::max<int>(pixel, set.images.pixels[i]);
  }
  std::size_t constant = 0;
  for (std::size_t row = 0; row < 28; ++row) {
    for (std::size_t column = 0; column < 28; ++column) {
      const bool border = row < 2 || row >= 26 || column < 4 || column >= 24;
      if (border) {
        EXPECT_EQ(largest[row * 28 + column], 0) << row << ", " << column;
      }
      constant += largest[row * 28 + column] == 0 ? 1 : 0;
    }
  }
  EXPECT_GE(constant, 304u);                  // the border: 784 − 24 · 20
  EXPECT_LT(constant, pixels_per_image / 2);  // and most of the rest is alive
}

TEST(GeneratedDigits, vary_within_a_class_and_differ_between_classes) {
  const LabelledImages set = generated_digits(11, 400);
  std::array<std::vector<std::int64_t>, 10> sum_of;
  sum_of.fill(std::vector<std::int64_t>(pixels_per_image, 0));
  std::set<std::vector<std::uint8_t>> different;
  for (std::size_t i = 0; i < set.labels.size(); ++i) {
    const auto pixels = image(set, i);
    different.insert(pixels);
    for (std::size_t pixel = 0; pixel < pixels_per_image; ++pixel) sum_of[set.labels[i]][pixel] += pixels[pixel];
  }
  EXPECT_EQ(different.size(), set.labels.size());

  // Empirical: a nearest-mean classifier, the weakest there is, must do far better than chance.
  int right = 0;
  for (std::size_t i = 0; i < set.labels.size(); ++i) {
    const auto pixels = image(set, i);
    std::array<std::int64_t, 10> distance{};
    for (std::size_t label = 0; label < 10; ++label) {
      for (std::size_t pixel = 0; pixel < pixels_per_image; ++pixel) {
        const std::int64_t difference = 40 * pixels[pixel] - sum_of[label][pixel];
        distance[label] += difference * difference;
      }
    }
    const auto nearest = std::min_element(distance.begin(), distance.end()) - distance.begin();
    right += nearest == set.labels[i] ? 1 : 0;
  }
  EXPECT_GT(right, 300);
}

TEST(GeneratedDigits, may_be_none_but_not_fewer) {
  EXPECT_TRUE(generated_digits(1, 0).labels.empty());
  EXPECT_THROW(generated_digits(1, -1), std::invalid_argument);
}

}  // namespace
}  // namespace normproof::data
