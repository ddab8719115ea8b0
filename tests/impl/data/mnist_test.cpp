// Is MNIST read from its four files, all or nothing, and is a missing or mismatched file named?
#include "impl/data/mnist.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "impl/data/file_error.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::data {
namespace {

// A miniature: three training and two test images of 1 × 2 pixels.
void put_small_mnist(const TemporaryFolder& folder) {
  folder.put("train-images-idx3-ubyte", idx_images(3, 1, 2, "abcdef"));
  folder.put("train-labels-idx1-ubyte.gz", gzipped(idx_labels(3, "\x05\x09\x04")));
  folder.put("t10k-images-idx3-ubyte.gz", gzipped(idx_images(2, 1, 2, "ghij")));
  folder.put("t10k-labels-idx1-ubyte", idx_labels(2, "\x07\x02"));
}

std::filesystem::path real_mnist() {
  const char* data = std::getenv("NORMPROOF_DATA");
  const std::filesystem::path root =
      data != nullptr ? std::filesystem::path(data) : std::filesystem::path(NORMPROOF_SOURCE_DIR) / "../shared/data";
  return root / "mnist";
}

TEST(Mnist, is_read_from_plain_and_gzipped_files_alike) {
  const TemporaryFolder folder;
  put_small_mnist(folder);
  const Mnist mnist = read_mnist(folder.path());
  EXPECT_EQ(mnist.train.images.count, 3);
  EXPECT_EQ(mnist.train.images.pixels, (std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'}));
  EXPECT_EQ(mnist.train.labels, (std::vector<std::uint8_t>{5, 9, 4}));
  EXPECT_EQ(mnist.test.images.count, 2);
  EXPECT_EQ(mnist.test.images.pixels, (std::vector<std::uint8_t>{'g', 'h', 'i', 'j'}));
  EXPECT_EQ(mnist.test.labels, (std::vector<std::uint8_t>{7, 2}));
}

TEST(Mnist, test_set_is_read_without_the_training_set) {
  const TemporaryFolder folder;
  put_small_mnist(folder);
  std::filesystem::remove(folder.path() / "train-images-idx3-ubyte");
  const LabelledImages test = read_mnist_test_set(folder.path());
  EXPECT_EQ(test.images.count, 2);
  EXPECT_EQ(test.labels, (std::vector<std::uint8_t>{7, 2}));
}

TEST(Mnist, names_each_missing_file_and_what_was_looked_for) {
  for (const std::string name :
       {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    const TemporaryFolder folder;
    put_small_mnist(folder);
    std::filesystem::remove(folder.path() / name);
    std::filesystem::remove(folder.path() / (name + ".gz"));
    EXPECT_EQ(file_error_line([&] { read_mnist(folder.path()); }),
              complaint(folder.path(), name + " or " + name + ".gz", "neither"));
  }
}

TEST(Mnist, says_so_when_there_is_no_directory) {
  const TemporaryFolder folder;
  const std::string expected = "a directory with MNIST's IDX files (t10k-images-idx3-ubyte.gz and so on)";
  const auto missing = folder.path() / "missing";
  EXPECT_EQ(file_error_line([&] { read_mnist(missing); }), complaint(missing, expected, "nothing"));
  EXPECT_EQ(file_error_line([&] { read_mnist_test_set(missing); }), complaint(missing, expected, "nothing"));
  const auto file = folder.put("file", "");
  EXPECT_EQ(file_error_line([&] { read_mnist(file); }), complaint(file, expected, "a file"));
}

TEST(Mnist, refuses_images_and_labels_whose_counts_differ) {
  const TemporaryFolder folder;
  put_small_mnist(folder);
  const auto labels = folder.put("t10k-labels-idx1-ubyte", idx_labels(3, "\x07\x02\x01"));
  EXPECT_EQ(file_error_line([&] { read_mnist(folder.path()); }),
            complaint(labels, "2 labels, one per image of t10k-images-idx3-ubyte.gz", "3"));
}

TEST(Mnist, refuses_a_label_above_nine) {
  const TemporaryFolder folder;
  put_small_mnist(folder);
  const auto labels = folder.put("t10k-labels-idx1-ubyte", idx_labels(2, "\x09\x0a"));
  EXPECT_EQ(file_error_line([&] { read_mnist(folder.path()); }),
            complaint(labels, "labels from 0 to 9", "10 at position 1"));
}

TEST(Mnist, refuses_two_image_sizes) {
  const TemporaryFolder folder;
  put_small_mnist(folder);
  const auto images = folder.put("t10k-images-idx3-ubyte.gz", idx_images(2, 2, 1, "ghij"));
  EXPECT_EQ(file_error_line([&] { read_mnist(folder.path()); }),
            complaint(images, "images of 1 x 2 pixels as in train-images-idx3-ubyte", "2 x 1"));
}

TEST(Mnist, published_files_hold_what_is_known_of_them) {
  const auto directory = real_mnist();
  if (!std::filesystem::is_directory(directory)) {
    GTEST_SKIP() << "no MNIST in " << directory.string() << " (NORMPROOF_DATA names another place)";
  }
  const Mnist mnist = read_mnist(directory);
  EXPECT_EQ(mnist.train.images.count, 60000);
  EXPECT_EQ(mnist.test.images.count, 10000);
  EXPECT_EQ(mnist.train.images.rows, 28);
  EXPECT_EQ(mnist.train.images.columns, 28);
  const auto& labels = mnist.train.labels;
  EXPECT_EQ(std::vector<std::uint8_t>(labels.begin(), labels.begin() + 5), (std::vector<std::uint8_t>{5, 0, 4, 1, 9}));

  std::array<int, 10> test_images_of{};
  for (const std::uint8_t label : mnist.test.labels) {
    ++test_images_of[label];
  }
  EXPECT_EQ(test_images_of, (std::array<int, 10>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}));

  // The mean that the literature normalizes MNIST with: 0.1307 of full scale.
  const auto& pixels = mnist.train.images.pixels;
  const auto sum = std::accumulate(pixels.begin(), pixels.end(), std::int64_t{0});
  EXPECT_EQ(sum * 10000 / (255 * static_cast<std::int64_t>(pixels.size())), 1306);

  const LabelledImages test = read_mnist_test_set(directory);
  EXPECT_EQ(test.images.pixels, mnist.test.images.pixels);
  EXPECT_EQ(test.labels, mnist.test.labels);
}

}  // namespace
}  // namespace normproof::data
