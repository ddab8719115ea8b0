// Are the batches of a data set what their names and the effort promise?
#include "proofs_checks/inputs/data_set.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "impl/data/npy.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::inputs {
namespace {

using data::file_error_line;
using data::TemporaryFolder;
using evidence::DataBatch;
using evidence::DataSet;
using evidence::Effort;

long count_named(const DataSet& set, const std::string& part) {
  long count = 0;
  for (const DataBatch& batch : set.batches) count += batch.name.find(part) != std::string::npos ? 1 : 0;
  return count;
}

long count_rows(const DataSet& set, Eigen::Index rows) {
  long count = 0;
  for (const DataBatch& batch : set.batches) count += batch.activations.rows() == rows ? 1 : 0;
  return count;
}

bool same(const DataSet& a, const DataSet& b) {
  if (a.batches.size() != b.batches.size()) return false;
  for (std::size_t k = 0; k < a.batches.size(); ++k) {
    if (a.batches[k].name != b.batches[k].name) return false;
    if ((a.batches[k].activations != b.batches[k].activations).any()) return false;
  }
  return true;
}

// A set in MNIST's format: image i has label i mod 10, and every pixel of it is i.
void write_images(const TemporaryFolder& folder, const std::string& set, int count) {
  constexpr int side = 4;
  std::string pixels;
  std::string labels;
  for (int i = 0; i < count; ++i) {
    pixels += std::string(static_cast<std::size_t>(side * side), static_cast<char>(i));
    labels += static_cast<char>(i % 10);
  }
  const auto images = static_cast<std::uint32_t>(count);
  folder.put(set + "-images-idx3-ubyte", data::idx_images(images, side, side, pixels));
  folder.put(set + "-labels-idx1-ubyte", data::idx_labels(images, labels));
}

DataSet user_data(const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
  const TemporaryFolder folder;
  data::write_npy(folder.path() / "mine.npy", shape, std::span<const double>(values));
  return user_batch(folder.path() / "mine.npy");
}

std::string user_error(const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
  return file_error_line([&] { user_data(shape, values); });
}

TEST(Generated_data, have_every_kind_of_batch_in_equal_numbers) {
  const DataSet set = generated_data(Effort::standard, 7);
  EXPECT_FALSE(set.real);
  EXPECT_GE(set.batches.size(), 200U);
  const auto half = static_cast<long>(set.batches.size() / 2);
  EXPECT_EQ(count_named(set, "pixel columns"), half);
  EXPECT_EQ(count_named(set, "pre-activations"), half);
  EXPECT_EQ(count_named(set, "mixed labels"), half);
  EXPECT_EQ(count_named(set, "alone"), half);
}

TEST(Generated_data, are_mostly_batches_of_64_with_a_few_small_ones) {
  const DataSet set = generated_data(Effort::quick, 7);
  EXPECT_EQ(set.batches.size(), 40U);
  EXPECT_EQ(count_rows(set, 64), 28);
  for (const int rows : {2, 3, 16}) EXPECT_EQ(count_rows(set, rows), 4) << rows;
}

TEST(Generated_data, have_constant_columns_and_varying_ones) {
  const DataSet set = generated_data(Effort::standard, 7);
  long zero = 0;
  long varying = 0;
  for (const DataBatch& batch : set.batches) {
    for (Eigen::Index j = 0; j < batch.activations.cols(); ++j) {
      zero += (batch.activations.col(j) == 0).all() ? 1 : 0;
      varying += (batch.activations.col(j) != batch.activations(0, j)).any() ? 1 : 0;
    }
  }
  EXPECT_GT(zero, 20);
  EXPECT_GT(varying, 200);
}

TEST(Generated_data, depend_on_the_seed_and_on_nothing_else) {
  EXPECT_TRUE(same(generated_data(Effort::quick, 3), generated_data(Effort::quick, 3)));
  EXPECT_FALSE(same(generated_data(Effort::quick, 3), generated_data(Effort::quick, 4)));
}

TEST(Real_data, use_both_sets_at_standard_effort_and_the_test_set_at_quick) {
  const TemporaryFolder folder;
  write_images(folder, "train", 200);
  write_images(folder, "t10k", 100);
  const DataSet standard = real_data(folder.path(), Effort::standard, 1);
  EXPECT_TRUE(standard.real);
  EXPECT_EQ(standard.name, "MNIST (200 + 100 images)");
  const DataSet quick = real_data(folder.path(), Effort::quick, 1);
  EXPECT_EQ(quick.name, "MNIST (100 test images)");
  EXPECT_EQ(words(quick), "MNIST (100 test images), real: 40 batches");
}

TEST(Real_data, keep_one_label_in_single_label_batches) {
  const TemporaryFolder folder;
  write_images(folder, "train", 200);
  write_images(folder, "t10k", 100);
  long looked_at = 0;
  for (const DataBatch& batch : real_data(folder.path(), Effort::standard, 1).batches) {
    const std::size_t place = batch.name.find("label ");
    if (place == std::string::npos || batch.name.find("pixel columns") == std::string::npos) continue;
    const int label = batch.name[place + 6] - '0';
    for (Eigen::Index i = 0; i < batch.activations.rows(); ++i) {
      const int image = static_cast<int>(batch.activations(i, 0) * 256);  // every pixel of image i is i
      EXPECT_EQ(image % 10, label) << batch.name;
      ++looked_at;
    }
  }
  EXPECT_GT(looked_at, 1000);
}

TEST(Real_data, take_what_there_is_where_a_label_has_few_images) {
  const TemporaryFolder folder;
  write_images(folder, "train", 3);
  write_images(folder, "t10k", 3);
  for (const DataBatch& batch : real_data(folder.path(), Effort::quick, 1).batches) {
    EXPECT_GE(batch.activations.rows(), 1);
    EXPECT_LE(batch.activations.rows(), 3);
  }
}

TEST(Real_data, need_the_training_files_at_quick_effort_too) {
  const TemporaryFolder folder;
  write_images(folder, "t10k", 100);
  const std::string line = file_error_line([&] { real_data(folder.path(), Effort::quick, 1); });
  EXPECT_NE(line.find("train-images-idx3-ubyte"), std::string::npos) << line;
}

TEST(Real_data, refuse_a_directory_that_is_not_there) {
  const TemporaryFolder folder;
  for (const Effort effort : {Effort::quick, Effort::standard}) {
    EXPECT_NE(file_error_line([&] { real_data(folder.path() / "none", effort, 1); }), "");
  }
}

TEST(User_batch, is_split_in_groups_of_two_channels) {
  const DataSet set = user_data({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(set.user);
  ASSERT_EQ(set.batches.size(), 2U);
  EXPECT_EQ(set.batches[0].name, "mine.npy, channels 1, 2 of 3 (2 rows)");
  EXPECT_EQ(set.batches[0].activations(1, 0), 4);
  EXPECT_EQ(set.batches[1].name, "mine.npy, channel 3 of 3 (2 rows)");
  EXPECT_EQ(set.batches[1].activations(1, 0), 6);
  EXPECT_EQ(set.batches[1].activations.cols(), 1);
}

TEST(User_batch, of_one_dimension_is_one_channel) {
  const DataSet set = user_data({3}, {1, 2, 3});
  ASSERT_EQ(set.batches.size(), 1U);
  EXPECT_EQ(set.batches[0].activations.rows(), 3);
}

TEST(User_batch, is_refused_unless_it_is_a_finite_matrix) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_NE(user_error({2, 2}, {1, 2, 3, infinity}).find("inf in row 2, channel 2"), std::string::npos);
  EXPECT_NE(user_error({1}, {std::nan("")}).find("finite"), std::string::npos);
  EXPECT_NE(user_error({1, 1, 2}, {1, 2}).find("3 dimensions"), std::string::npos);
  EXPECT_NE(user_error({}, {1}).find("0 dimensions"), std::string::npos);
  EXPECT_NE(user_error({0, 2}, {}).find("at least one row"), std::string::npos);
  EXPECT_NE(user_error({2, 0}, {}).find("at least one row"), std::string::npos);
  EXPECT_NE(user_error({4097, 1}, std::vector<double>(4097)).find("at most 4096 rows"), std::string::npos);
}

}  // namespace
}  // namespace normproof::inputs
