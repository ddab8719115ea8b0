// What do the images and labels of an IDX file hold?
#include "impl/data/idx.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "impl/data/bytes.hpp"
#include "impl/data/file_error.hpp"

namespace normproof::data {
namespace {

constexpr std::uint32_t images_magic = 0x00000803;
constexpr std::uint32_t labels_magic = 0x00000801;
constexpr std::size_t word_bytes = 4;

std::uint32_t read_word(ByteReader& reader, std::string_view what) {
  std::uint32_t word = 0;
  for (const std::uint8_t byte : reader.read_exactly(word_bytes, what)) {
    word = word << 8 | byte;
  }
  return word;
}

std::string hexadecimal(std::uint32_t word) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) {
    text += digits[word >> shift & 0xf];
  }
  return text;
}

void require_magic(ByteReader& reader, std::uint32_t magic, const std::string& meaning) {
  const std::uint32_t found = read_word(reader, "the IDX magic number");
  if (found != magic) {
    throw FileError(reader.path(), "IDX magic " + hexadecimal(magic) + " (" + meaning + ")", hexadecimal(found));
  }
}

int read_extent(ByteReader& reader, const std::string& name) {
  constexpr int largest = std::numeric_limits<int>::max();
  const std::uint32_t extent = read_word(reader, "the number of " + name);
  if (extent == 0 || extent > static_cast<std::uint32_t>(largest)) {
    throw FileError(reader.path(), "a number of " + name + " from 1 to " + std::to_string(largest),
                    std::to_string(extent));
  }
  return static_cast<int>(extent);
}

}  // namespace

IdxImages read_idx_images(const std::filesystem::path& path) {
  ByteReader reader(path);
  require_magic(reader, images_magic, "images of unsigned bytes");
  IdxImages images;
  images.count = read_extent(reader, "images");
  images.rows = read_extent(reader, "rows");
  images.columns = read_extent(reader, "columns");
  const std::string shape =
      std::to_string(images.count) + " x " + std::to_string(images.rows) + " x " + std::to_string(images.columns);
  // Two extents below 2³¹ cannot overflow 64 bits, three can.
  const std::uint64_t pixel_rows = static_cast<std::uint64_t>(images.count) * static_cast<std::uint64_t>(images.rows);
  const auto columns = static_cast<std::uint64_t>(images.columns);
  if (pixel_rows > payload_limit_bytes / columns) {
    throw FileError(path, "at most " + std::to_string(payload_limit_bytes) + " pixels",
                    "a header that promises " + shape);
  }
  images.pixels = reader.read_exactly(pixel_rows * columns, "pixels (" + shape + ")");
  reader.require_end();
  return images;
}

IdxLabels read_idx_labels(const std::filesystem::path& path) {
  ByteReader reader(path);
  require_magic(reader, labels_magic, "labels of unsigned bytes");
  const int count = read_extent(reader, "labels");
  IdxLabels labels{reader.read_exactly(static_cast<std::uint64_t>(count), "labels")};
  reader.require_end();
  return labels;
}

}  // namespace normproof::data
