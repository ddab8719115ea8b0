// Where do the tests of the readers and writers put their files, and how do they make and judge them?
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "impl/data/file_error.hpp"

namespace normproof::data {

// Removed with all it holds at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "normproof-data-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no temporary folder can be made");
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  std::filesystem::path put(const std::string& name, std::string_view bytes) const {
    const auto file = path_ / name;
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return file;
  }

 private:
  std::filesystem::path path_;
};

inline std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// One gzip member.
inline std::string gzipped(std::string_view bytes) {
  constexpr int gzip_window_bits = 16 + MAX_WBITS;
  constexpr int memory_level = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window_bits, memory_level, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::runtime_error("zlib cannot begin");
  }
  std::string input(bytes);
  std::string output(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(output.data());
  stream.avail_out = static_cast<uInt>(output.size());
  const int status = deflate(&stream, Z_FINISH);
  output.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) {
    throw std::runtime_error("zlib cannot finish");
  }
  return output;
}

inline std::string big_endian_word(std::uint32_t word) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(word >> shift & 0xff);
  }
  return bytes;
}

// An IDX file of images or labels whose header says what the caller says, true or not.
inline std::string idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns, std::string_view pixels) {
  return big_endian_word(0x00000803) + big_endian_word(count) + big_endian_word(rows) + big_endian_word(columns) +
         std::string(pixels);
}

inline std::string idx_labels(std::uint32_t count, std::string_view labels) {
  return big_endian_word(0x00000801) + big_endian_word(count) + std::string(labels);
}

// The line of the FileError that the call throws; a failure of the test and "" where it throws none.
template <class Call>
std::string file_error_line(Call call) {
  try {
    call();
  } catch (const FileError& error) {
    const std::string line = error.what();
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    return line;
  }
  ADD_FAILURE() << "no FileError";
  return "";
}

inline std::string complaint(const std::filesystem::path& file, const std::string& expected, const std::string& found) {
  return file.string() + ": expected " + expected + ", found " + found;
}

}  // namespace normproof::data
