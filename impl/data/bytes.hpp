// How are the bytes of a data file read, plain or gzipped, without trusting what the file says about itself?
//
// A format's reader takes the header first, then exactly the amount that the header promises, then asks for the end.
// Memory grows with the bytes that are really there, never with the promise alone, and no byte is decompressed
// beyond the promise but the one that shows it broken: a small file cannot ask for a large allocation, nor a gzip
// bomb go off.
//
// gzip is recognized by its first two bytes, whatever the file is called. Concatenated members are one stream (RFC
// 1952, section 2.2); a member that is cut off, corrupt, or followed by anything else is a FileError.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace normproof::data {

// What one file may promise at most. A data set is held in memory whole, so a larger promise is a damaged header.
inline constexpr std::uint64_t payload_limit_bytes = std::uint64_t{1} << 32;

class ByteReader {
 public:
  explicit ByteReader(std::filesystem::path path);
  ~ByteReader();
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  const std::filesystem::path& path() const;

  // Fills the destination; returns less than its size only at the end of the file.
  std::size_t read(std::span<std::uint8_t> destination);

  // `what` completes the sentence "expected 16 bytes of …".
  std::vector<std::uint8_t> read_exactly(std::uint64_t count, std::string_view what);

  // For a gzip stream this also checks the checksum and the length of the last member.
  void require_end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace normproof::data
