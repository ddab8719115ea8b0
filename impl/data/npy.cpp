// What array does a .npy file hold, and how is an array written as one?
#include "impl/data/npy.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "impl/data/bytes.hpp"
#include "impl/data/file_error.hpp"

namespace normproof::data {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t version_bytes = 2;
constexpr std::size_t header_alignment = 64;         // of the values, as NumPy writes them
constexpr std::size_t header_limit_bytes = 1 << 16;  // what version 1.0 can express; ours need a hundred
constexpr std::size_t dimensions_limit = 64;         // NumPy's own
constexpr std::size_t excerpt_characters = 40;
constexpr std::int64_t exact_integer_limit = std::int64_t{1} << 53;  // up to here every integer is a double

// ---- Values ------------------------------------------------------------------------------------------------------

template <class Bits>
Bits load_little(const std::uint8_t* bytes) {
  Bits bits = 0;
  for (std::size_t i = 0; i < sizeof(Bits); ++i) {
    bits |= static_cast<Bits>(static_cast<Bits>(bytes[i]) << (8 * i));
  }
  return bits;
}

template <class Bits>
Bits load_big(const std::uint8_t* bytes) {
  Bits bits = 0;
  for (std::size_t i = 0; i < sizeof(Bits); ++i) {
    bits |= static_cast<Bits>(static_cast<Bits>(bytes[sizeof(Bits) - 1 - i]) << (8 * i));
  }
  return bits;
}

// decode gives nothing where no double equals the value.
struct ElementType {
  std::string_view descr;
  std::size_t bytes;
  std::optional<double> (*decode)(const std::uint8_t*);
};

std::optional<double> decode_little_f4(const std::uint8_t* bytes) {
  return std::bit_cast<float>(load_little<std::uint32_t>(bytes));
}
std::optional<double> decode_little_f8(const std::uint8_t* bytes) {
  return std::bit_cast<double>(load_little<std::uint64_t>(bytes));
}
std::optional<double> decode_big_f4(const std::uint8_t* bytes) {
  return std::bit_cast<float>(load_big<std::uint32_t>(bytes));
}
std::optional<double> decode_big_f8(const std::uint8_t* bytes) {
  return std::bit_cast<double>(load_big<std::uint64_t>(bytes));
}
std::optional<double> decode_u1(const std::uint8_t* bytes) { return bytes[0]; }
std::optional<double> decode_little_i4(const std::uint8_t* bytes) {
  return std::bit_cast<std::int32_t>(load_little<std::uint32_t>(bytes));
}
std::optional<double> decode_little_i8(const std::uint8_t* bytes) {
  const auto value = std::bit_cast<std::int64_t>(load_little<std::uint64_t>(bytes));
  if (value < -exact_integer_limit || value > exact_integer_limit) {
    return std::nullopt;
  }
  return static_cast<double>(value);
}

constexpr std::array<ElementType, 7> element_types = {{{"<f4", 4, decode_little_f4},
                                                       {"<f8", 8, decode_little_f8},
                                                       {">f4", 4, decode_big_f4},
                                                       {">f8", 8, decode_big_f8},
                                                       {"|u1", 1, decode_u1},
                                                       {"<i4", 4, decode_little_i4},
                                                       {"<i8", 8, decode_little_i8}}};

// Nothing where the number of elements is not representable or an extent is negative.
std::optional<std::uint64_t> element_count(const std::vector<std::int64_t>& shape) {
  std::uint64_t count = 1;
  bool overflow = false;
  for (const std::int64_t extent : shape) {
    if (extent < 0) {
      return std::nullopt;
    }
    if (extent == 0) {
      return 0;
    }
    const auto factor = static_cast<std::uint64_t>(extent);
    overflow = overflow || count > std::numeric_limits<std::uint64_t>::max() / factor;
    count = overflow ? count : count * factor;
  }
  return overflow ? std::nullopt : std::optional(count);
}

// ---- Header ------------------------------------------------------------------------------------------------------

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

// Reads the one dictionary that the format allows, and is no evaluator of Python: three keys, each once, in any order.
class HeaderParser {
 public:
  HeaderParser(const std::filesystem::path& path, std::string_view text) : path_(path), text_(text) {}

  Header parse() {
    Header header;
    bool has_descr = false;
    bool has_order = false;
    bool has_shape = false;
    require('{', "a dictionary that begins with {");
    while (!accept('}')) {
      const std::size_t before_key = position_;
      const std::string key = string("a key in quotes");
      require(':', "a colon after the key");
      if (key == "descr" && !has_descr) {
        header.descr = string("descr in quotes");
        has_descr = true;
      } else if (key == "fortran_order" && !has_order) {
        header.fortran_order = boolean();
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        header.shape = tuple();
        has_shape = true;
      } else {
        position_ = before_key;
        fail("the keys descr, fortran_order and shape, each once");
      }
      if (!accept(',')) {
        require('}', "a comma or }");
        break;
      }
    }
    skip_space();
    if (position_ != text_.size()) {
      fail("nothing after the dictionary");
    }
    if (!has_descr || !has_order || !has_shape) {
      position_ = 0;
      fail("the keys descr, fortran_order and shape, each once");
    }
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    const std::string_view rest = text_.substr(position_);
    const std::string found = rest.empty() ? "its end" : '"' + std::string(rest.substr(0, excerpt_characters)) + '"';
    throw FileError(path_, expected + " in the .npy header", found + " at its byte " + std::to_string(position_));
  }

  void skip_space() {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\n')) {
      ++position_;
    }
  }

  bool accept(char wanted) {
    skip_space();
    if (position_ < text_.size() && text_[position_] == wanted) {
      ++position_;
      return true;
    }
    return false;
  }

  void require(char wanted, const std::string& expected) {
    if (!accept(wanted)) {
      fail(expected);
    }
  }

  std::string string(const std::string& expected) {
    skip_space();
    const std::size_t start = position_;
    if (start == text_.size() || (text_[start] != '\'' && text_[start] != '"')) {
      fail(expected);
    }
    const std::size_t close = text_.find(text_[start], start + 1);
    if (close == std::string_view::npos) {
      fail(expected);
    }
    position_ = close + 1;
    return std::string(text_.substr(start + 1, close - start - 1));
  }

  bool boolean() {
    skip_space();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(position_, word.size()) == word) {
        position_ += word.size();
        return value;
      }
    }
    fail("True or False for fortran_order");
  }

  // (), (3,), (3, 4) and (3, 4,), but not (3), which in Python is a number.
  std::vector<std::int64_t> tuple() {
    const std::string expected = "a tuple of at most " + std::to_string(dimensions_limit) + " counts for shape";
    std::vector<std::int64_t> extents;
    bool trailing_comma = false;
    skip_space();
    const std::size_t start = position_;
    require('(', expected);
    while (!accept(')')) {
      if (!extents.empty() && !trailing_comma) {
        fail(expected);
      }
      extents.push_back(count(expected));
      trailing_comma = accept(',');
    }
    if ((extents.size() == 1 && !trailing_comma) || extents.size() > dimensions_limit) {
      position_ = start;
      fail(expected);
    }
    return extents;
  }

  std::int64_t count(const std::string& expected) {
    skip_space();
    const char* first = text_.data() + position_;
    std::int64_t value = 0;
    const auto [last, error] = std::from_chars(first, text_.data() + text_.size(), value);
    if (error != std::errc() || value < 0 || *first == '-') {
      fail(expected);
    }
    position_ += static_cast<std::size_t>(last - first);
    return value;
  }

  const std::filesystem::path& path_;
  std::string_view text_;
  std::size_t position_ = 0;
};

Header read_header(ByteReader& reader) {
  const auto prefix = reader.read_exactly(magic.size() + version_bytes, "the .npy magic and version");
  const std::string_view text(reinterpret_cast<const char*>(prefix.data()), prefix.size());
  if (text.substr(0, magic.size()) != magic) {
    throw FileError(reader.path(), "the .npy magic \"" + std::string(magic) + '"',
                    '"' + std::string(text.substr(0, magic.size())) + '"');
  }
  const int major = prefix[magic.size()];
  const int minor = prefix[magic.size() + 1];
  if (major < 1 || major > 3 || minor != 0) {
    throw FileError(reader.path(), ".npy version 1.0, 2.0 or 3.0", std::to_string(major) + '.' + std::to_string(minor));
  }
  const std::string length_name = "the .npy header's length";
  const std::size_t length =
      major == 1 ? load_little<std::uint16_t>(reader.read_exactly(sizeof(std::uint16_t), length_name).data())
                 : load_little<std::uint32_t>(reader.read_exactly(sizeof(std::uint32_t), length_name).data());
  if (length > header_limit_bytes) {
    throw FileError(reader.path(), "a .npy header of at most " + std::to_string(header_limit_bytes) + " bytes",
                    "one of " + std::to_string(length));
  }
  const auto header = reader.read_exactly(length, "the .npy header");
  return HeaderParser(reader.path(), {reinterpret_cast<const char*>(header.data()), header.size()}).parse();
}

const ElementType& find_element_type(const std::filesystem::path& path, const std::string& descr) {
  std::string known;
  for (const ElementType& type : element_types) {
    if (type.descr == descr) {
      return type;
    }
    known += (known.empty() ? "" : " ") + std::string(type.descr);
  }
  throw FileError(path, "a .npy type among " + known, '"' + descr.substr(0, excerpt_characters) + '"');
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    text += std::to_string(shape[axis]) + (shape.size() == 1 ? "," : axis + 1 < shape.size() ? ", " : "");
  }
  return text + ")";
}

// From the first index fastest to the last index fastest.
std::vector<double> row_major(const std::vector<double>& fortran, const std::vector<std::int64_t>& shape) {
  std::vector<std::size_t> stride(shape.size());
  std::size_t step = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    stride[axis] = step;
    step *= static_cast<std::size_t>(shape[axis]);
  }
  std::vector<double> values(fortran.size());
  std::vector<std::int64_t> index(shape.size(), 0);
  std::size_t target = 0;
  for (const double value : fortran) {
    values[target] = value;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      target += stride[axis];
      if (++index[axis] < shape[axis]) {
        break;
      }
      target -= stride[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return values;
}

// ---- Writing -----------------------------------------------------------------------------------------------------

template <class Bits>
void store_little(std::string& bytes, Bits bits) {
  for (std::size_t i = 0; i < sizeof(Bits); ++i) {
    bytes += static_cast<char>(bits >> (8 * i) & 0xff);
  }
}

void store(std::string& bytes, double value) { store_little(bytes, std::bit_cast<std::uint64_t>(value)); }
void store(std::string& bytes, float value) { store_little(bytes, std::bit_cast<std::uint32_t>(value)); }
void store(std::string& bytes, std::int64_t value) { store_little(bytes, std::bit_cast<std::uint64_t>(value)); }
void store(std::string& bytes, std::int32_t value) { store_little(bytes, std::bit_cast<std::uint32_t>(value)); }
void store(std::string& bytes, std::uint8_t value) { store_little(bytes, value); }

std::string encoded_header(std::string_view descr, const std::vector<std::int64_t>& shape) {
  std::string dictionary =
      "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  const std::size_t before = magic.size() + version_bytes + sizeof(std::uint16_t);
  while ((before + dictionary.size() + 1) % header_alignment != 0) {
    dictionary += ' ';
  }
  dictionary += '\n';
  std::string bytes(magic);
  bytes += {'\1', '\0'};
  store_little(bytes, static_cast<std::uint16_t>(dictionary.size()));
  return bytes + dictionary;
}

// A name beside the target that no other thread or process uses at this time.
std::filesystem::path name_beside(const std::filesystem::path& path) {
  static std::atomic<unsigned> serial{0};
  auto beside = path;
  beside += ".partial." + std::to_string(getpid()) + "." + std::to_string(serial++);
  return beside;
}

bool write_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wbx");
  if (file == nullptr) {
    return false;
  }
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  const int write_error = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written) {
    errno = write_error;
  }
  return written && closed;
}

void replace_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw FileError(path, "a file that can be replaced", "a directory or a device");
  }
  const auto beside = name_beside(path);
  errno = 0;
  if (!write_bytes(beside, bytes)) {
    const std::string reason = std::generic_category().message(errno);
    std::filesystem::remove(beside, error);
    throw FileError(path, "a place that can be written", reason);
  }
  std::filesystem::rename(beside, path, error);
  if (error) {
    const std::string reason = error.message();
    std::filesystem::remove(beside, error);
    throw FileError(path, "a file that can be replaced", reason);
  }
}

template <class Element>
void write_array(const std::filesystem::path& path, std::string_view descr, const std::vector<std::int64_t>& shape,
                 std::span<const Element> values) {
  if (shape.size() > dimensions_limit) {
    throw std::invalid_argument("write_npy: more than " + std::to_string(dimensions_limit) + " dimensions");
  }
  if (element_count(shape) != values.size()) {
    throw std::invalid_argument("write_npy: the shape " + shape_text(shape) + " does not hold " +
                                std::to_string(values.size()) + " values");
  }
  std::string bytes = encoded_header(descr, shape);
  bytes.reserve(bytes.size() + values.size_bytes());
  for (const Element value : values) {
    store(bytes, value);
  }
  replace_file(path, bytes);
}

}  // namespace

NpyArray read_npy(const std::filesystem::path& path) {
  ByteReader reader(path);
  const Header header = read_header(reader);
  const ElementType& type = find_element_type(path, header.descr);
  const auto count = element_count(header.shape);
  constexpr std::uint64_t values_limit = payload_limit_bytes / sizeof(double);  // which is what they become
  if (!count || *count > values_limit) {
    throw FileError(path, "at most " + std::to_string(values_limit) + " values",
                    "a header that promises the shape " + shape_text(header.shape) + " of " + header.descr);
  }
  const auto bytes =
      reader.read_exactly(*count * type.bytes, "values (" + shape_text(header.shape) + " of " + header.descr + ")");
  reader.require_end();

  NpyArray array;
  array.shape = header.shape;
  array.dtype = header.descr;
  array.values.reserve(static_cast<std::size_t>(*count));
  for (std::size_t offset = 0; offset < bytes.size(); offset += type.bytes) {
    const std::optional<double> value = type.decode(bytes.data() + offset);
    if (!value) {
      throw FileError(path, "integers within 2^53 of zero, which a double holds exactly",
                      "a larger one as value " + std::to_string(offset / type.bytes) + " of the file");
    }
    array.values.push_back(*value);
  }
  if (header.fortran_order) {
    array.values = row_major(array.values, array.shape);
  }
  return array;
}

void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const double> values) {
  write_array(path, "<f8", shape, values);
}
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const float> values) {
  write_array(path, "<f4", shape, values);
}
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const std::int64_t> values) {
  write_array(path, "<i8", shape, values);
}
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const std::int32_t> values) {
  write_array(path, "<i4", shape, values);
}
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const std::uint8_t> values) {
  write_array(path, "|u1", shape, values);
}

}  // namespace normproof::data
