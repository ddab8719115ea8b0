// Does the IDX reader give the images and labels of a good file, and one clear line for any other?
#include "impl/data/idx.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "impl/data/file_error.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::data {
namespace {

constexpr std::string_view twelve_pixels = "abcdefghijkl";

TEST(IdxImages, are_read_with_their_shape_and_pixels_in_order) {
  const TemporaryFolder folder;
  const std::string bytes = idx_images(2, 3, 2, twelve_pixels);
  for (const auto& file : {folder.put("images", bytes), folder.put("images.gz", gzipped(bytes))}) {
    const IdxImages images = read_idx_images(file);
    EXPECT_EQ(images.count, 2);
    EXPECT_EQ(images.rows, 3);
    EXPECT_EQ(images.columns, 2);
    EXPECT_EQ(images.pixels, std::vector<std::uint8_t>(twelve_pixels.begin(), twelve_pixels.end()));
  }
}

TEST(IdxLabels, are_read_in_order) {
  const TemporaryFolder folder;
  const std::string bytes = idx_labels(3, "\x07\x02\xff");
  for (const auto& file : {folder.put("labels", bytes), folder.put("labels.gz", gzipped(bytes))}) {
    EXPECT_EQ(read_idx_labels(file).labels, (std::vector<std::uint8_t>{7, 2, 255}));
  }
}

TEST(IdxImages, refuse_every_truncation_of_a_file) {
  const TemporaryFolder folder;
  const std::string plain = idx_images(2, 3, 2, twelve_pixels);
  for (const std::string& whole : {plain, gzipped(plain)}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto file = folder.put("cut", std::string_view(whole).substr(0, size));
      EXPECT_THROW(read_idx_images(file), FileError) << size << " of " << whole.size() << " bytes";
    }
  }
}

TEST(IdxLabels, refuse_every_truncation_of_a_file) {
  const TemporaryFolder folder;
  const std::string plain = idx_labels(3, "\x07\x02\x01");
  for (const std::string& whole : {plain, gzipped(plain)}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto file = folder.put("cut", std::string_view(whole).substr(0, size));
      EXPECT_THROW(read_idx_labels(file), FileError) << size << " of " << whole.size() << " bytes";
    }
  }
}

TEST(IdxImages, name_what_a_truncated_file_lacks) {
  const TemporaryFolder folder;
  const auto pixels = folder.put("pixels", idx_images(2, 3, 2, twelve_pixels.substr(0, 11)));
  EXPECT_EQ(file_error_line([&] { read_idx_images(pixels); }),
            complaint(pixels, "12 bytes of pixels (2 x 3 x 2)", "only 11"));
  const auto header = folder.put("header", idx_images(2, 3, 2, "").substr(0, 14));
  EXPECT_EQ(file_error_line([&] { read_idx_images(header); }),
            complaint(header, "4 bytes of the number of columns", "only 2"));
}

TEST(IdxImages, refuse_a_file_that_is_too_long) {
  const TemporaryFolder folder;
  const auto file = folder.put("long", idx_images(2, 3, 2, "abcdefghijklm"));
  EXPECT_EQ(file_error_line([&] { read_idx_images(file); }),
            complaint(file, "the end of the data after 28 bytes", "more bytes"));
}

TEST(IdxLabels, refuse_a_file_that_is_too_long) {
  const TemporaryFolder folder;
  const auto file = folder.put("long", idx_labels(3, "\x01\x02\x03\x04"));
  EXPECT_EQ(file_error_line([&] { read_idx_labels(file); }),
            complaint(file, "the end of the data after 11 bytes", "more bytes"));
}

TEST(IdxImages, refuse_a_file_of_labels_and_labels_one_of_images) {
  const TemporaryFolder folder;
  const auto labels = folder.put("labels", idx_labels(3, "abc"));
  EXPECT_EQ(file_error_line([&] { read_idx_images(labels); }),
            complaint(labels, "IDX magic 0x00000803 (images of unsigned bytes)", "0x00000801"));
  const auto images = folder.put("images", idx_images(2, 3, 2, twelve_pixels));
  EXPECT_EQ(file_error_line([&] { read_idx_labels(images); }),
            complaint(images, "IDX magic 0x00000801 (labels of unsigned bytes)", "0x00000803"));
}

TEST(IdxImages, refuse_a_number_of_pixels_that_overflows) {
  const TemporaryFolder folder;
  // 2³⁰ · 2³⁰ · 16 = 2⁶⁴, which 64 bits would take for 0.
  const auto file = folder.put("overflow", idx_images(1u << 30, 1u << 30, 16, ""));
  EXPECT_EQ(file_error_line([&] { read_idx_images(file); }),
            complaint(file, "at most 4294967296 pixels", "a header that promises 1073741824 x 1073741824 x 16"));
}

TEST(IdxImages, refuse_a_large_promise_of_a_small_file_without_allocating_it) {
  const TemporaryFolder folder;
  const auto file = folder.put("promise", idx_images(1u << 20, 1u << 10, 4, "ab"));
  EXPECT_EQ(file_error_line([&] { read_idx_images(file); }),
            complaint(file, "4294967296 bytes of pixels (1048576 x 1024 x 4)", "only 2"));
}

TEST(IdxImages, refuse_an_extent_that_is_zero_or_beyond_an_int) {
  const TemporaryFolder folder;
  const auto none = folder.put("none", idx_images(0, 28, 28, ""));
  EXPECT_EQ(file_error_line([&] { read_idx_images(none); }),
            complaint(none, "a number of images from 1 to 2147483647", "0"));
  const auto flat = folder.put("flat", idx_images(1, 28, 0, ""));
  EXPECT_EQ(file_error_line([&] { read_idx_images(flat); }),
            complaint(flat, "a number of columns from 1 to 2147483647", "0"));
  const auto negative = folder.put("negative", idx_images(1, 0xffffffff, 28, ""));
  EXPECT_EQ(file_error_line([&] { read_idx_images(negative); }),
            complaint(negative, "a number of rows from 1 to 2147483647", "4294967295"));
}

}  // namespace
}  // namespace normproof::data
