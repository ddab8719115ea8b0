// How are the bytes of a data file read, plain or gzipped, without trusting what the file says about itself?
#include "impl/data/bytes.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "impl/data/file_error.hpp"

namespace normproof::data {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 16;
constexpr std::uint64_t growth_bytes = std::uint64_t{1} << 20;
constexpr std::uint8_t gzip_magic_first = 0x1f;
constexpr std::uint8_t gzip_magic_second = 0x8b;
constexpr int gzip_window_bits = 16 + MAX_WBITS;  // zlib: 16 more than the window asks for the gzip wrapper

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

struct EndInflate {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    delete stream;
  }
};

std::unique_ptr<z_stream, EndInflate> new_gunzip() {
  auto stream = std::make_unique<z_stream>();  // zeroed: zlib's own allocator
  if (inflateInit2(stream.get(), gzip_window_bits) != Z_OK) {
    throw std::bad_alloc();
  }
  return std::unique_ptr<z_stream, EndInflate>(stream.release());
}

}  // namespace

struct ByteReader::State {
  std::filesystem::path path;
  std::unique_ptr<std::FILE, CloseFile> file;
  std::array<std::uint8_t, buffer_bytes> buffer{};
  std::size_t begin = 0;  // what is buffered and not yet taken: [begin, end)
  std::size_t end = 0;
  std::unique_ptr<z_stream, EndInflate> gunzip;  // null: a plain file
  bool inside_member = false;
  std::uint64_t delivered = 0;

  // True where at least one byte is buffered; false at the end of the file.
  bool refill() {
    if (begin < end) {
      return true;
    }
    errno = 0;
    begin = 0;
    end = std::fread(buffer.data(), 1, buffer.size(), file.get());
    if (end == 0 && std::ferror(file.get()) != 0) {
      throw FileError(path, "a file that can be read", std::generic_category().message(errno));
    }
    return end > 0;
  }

  // Both return what they could deliver now; 0 only at the end.
  std::size_t read_plain(std::span<std::uint8_t> destination) {
    if (!refill()) {
      return 0;
    }
    const std::size_t count = std::min(destination.size(), end - begin);
    std::copy_n(buffer.begin() + static_cast<std::ptrdiff_t>(begin), count, destination.begin());
    begin += count;
    return count;
  }

  std::size_t read_gzip(std::span<std::uint8_t> destination) {
    const std::size_t wanted = std::min(destination.size(), buffer_bytes);
    gunzip->next_out = destination.data();
    gunzip->avail_out = static_cast<uInt>(wanted);
    while (gunzip->avail_out == wanted) {
      const bool more = refill();
      if (!inside_member) {
        if (!more) {
          return 0;
        }
        inflateReset(gunzip.get());
        inside_member = true;
      }
      if (!more) {
        throw FileError(path, "a whole gzip stream", "its end missing");
      }
      gunzip->next_in = buffer.data() + begin;
      gunzip->avail_in = static_cast<uInt>(end - begin);
      const int status = inflate(gunzip.get(), Z_NO_FLUSH);
      begin = end - gunzip->avail_in;
      if (status == Z_STREAM_END) {
        inside_member = false;
      } else if (status == Z_MEM_ERROR) {
        throw std::bad_alloc();
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        throw FileError(path, "an intact gzip stream", gunzip->msg != nullptr ? gunzip->msg : "a damaged one");
      }
    }
    return wanted - gunzip->avail_out;
  }
};

ByteReader::ByteReader(std::filesystem::path path) : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
  errno = 0;
  state_->file.reset(std::fopen(state_->path.c_str(), "rb"));
  if (!state_->file) {
    throw FileError(state_->path, "a file that can be opened", std::generic_category().message(errno));
  }
  if (state_->refill() && state_->end >= 2 && state_->buffer[0] == gzip_magic_first &&
      state_->buffer[1] == gzip_magic_second) {
    state_->gunzip = new_gunzip();
  }
}

ByteReader::~ByteReader() = default;

const std::filesystem::path& ByteReader::path() const { return state_->path; }

std::size_t ByteReader::read(std::span<std::uint8_t> destination) {
  std::size_t filled = 0;
  while (filled < destination.size()) {
    const auto rest = destination.subspan(filled);
    const std::size_t count = state_->gunzip ? state_->read_gzip(rest) : state_->read_plain(rest);
    if (count == 0) {
      break;
    }
    filled += count;
  }
  state_->delivered += filled;
  return filled;
}

std::vector<std::uint8_t> ByteReader::read_exactly(std::uint64_t count, std::string_view what) {
  const std::string wanted = std::to_string(count) + " bytes of " + std::string(what);
  if (count > payload_limit_bytes) {
    throw FileError(path(), "at most " + std::to_string(payload_limit_bytes) + " bytes of " + std::string(what),
                    "a header that promises " + std::to_string(count));
  }
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < count) {
    const std::size_t before = bytes.size();
    const auto step = static_cast<std::size_t>(std::min(count - before, growth_bytes));
    bytes.resize(before + step);
    const std::size_t found = before + read(std::span(bytes).subspan(before));
    if (found < before + step) {
      throw FileError(path(), wanted, "only " + std::to_string(found));
    }
  }
  return bytes;
}

void ByteReader::require_end() {
  const std::string expected = "the end of the data after " + std::to_string(state_->delivered) + " bytes";
  std::array<std::uint8_t, 1> extra{};
  if (read(extra) != 0) {
    throw FileError(path(), expected, "more bytes");
  }
}

}  // namespace normproof::data
