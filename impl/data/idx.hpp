// What do the images and labels of an IDX file hold?
//
// Source: the IDX format of the MNIST database (LeCun, Cortes & Burges): a 32-bit magic number, one 32-bit count per
// dimension, then the values with the last index fastest; all numbers big-endian. Here: unsigned bytes in three
// dimensions (images, magic 0x00000803) or one (labels, magic 0x00000801), plain or gzipped.
//
// Assumed: at least one image or label and at least one pixel (an empty data set decides nothing). A file that is
// truncated, too long, of another type or of absurd size is a FileError; nothing is returned in part.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace normproof::data {

struct IdxImages {
  int count = 0;
  int rows = 0;
  int columns = 0;
  std::vector<std::uint8_t> pixels;  // count × rows × columns, the column fastest
};

struct IdxLabels {
  std::vector<std::uint8_t> labels;
};

// labels[i] names the class of image i.
struct LabelledImages {
  IdxImages images;
  std::vector<std::uint8_t> labels;
};

IdxImages read_idx_images(const std::filesystem::path& path);
IdxLabels read_idx_labels(const std::filesystem::path& path);

}  // namespace normproof::data
