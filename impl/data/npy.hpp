// What array does a .npy file hold, and how is an array written as one?
//
// Source: the NumPy enhancement proposal NEP 1 and numpy.lib.format: the magic "\x93NUMPY", a version (1.0, 2.0 or
// 3.0), the length of the header, the header (a Python dictionary literal with the keys descr, fortran_order and
// shape), the values.
//
// Read: descr <f4 <f8 >f4 >f8 |u1 <i4 <i8, in C or Fortran order, plain or gzipped. Each value becomes the double
// that equals it; an <i8 value beyond ±2⁵³ has none and is a FileError. NaN and infinities are values like others:
// whether a batch may hold them is not the reader's question. Everything else that differs from the format is a
// FileError too.
//
// Written: version 1.0, C order, little-endian, beside the target and then renamed onto it: a reader sees the old
// file or the new one, never a part.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace normproof::data {

struct NpyArray {
  std::vector<std::int64_t> shape;  // empty: one value that is not in an array
  std::vector<double> values;       // row-major: the last index fastest, whatever the file's order
  std::string dtype;                // as the file has it, "<f8"
};

NpyArray read_npy(const std::filesystem::path& path);

// Throws std::invalid_argument where the shape does not have as many elements as there are values.
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const double> values);
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const float> values);
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const std::int64_t> values);
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const std::int32_t> values);
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const std::uint8_t> values);

}  // namespace normproof::data
