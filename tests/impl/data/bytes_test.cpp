// Does the byte reader give a plain or gzipped file's bytes, all of them, or one clear line?
#include "impl/data/bytes.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "impl/data/file_error.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::data {
namespace {

constexpr std::string_view message = "batch normalization";

std::string read_message(const std::filesystem::path& file, std::size_t size = message.size()) {
  ByteReader reader(file);
  const auto bytes = reader.read_exactly(size, "a message");
  reader.require_end();
  return {bytes.begin(), bytes.end()};
}

// Long enough for several buffers, and hard to compress.
std::string noise(std::size_t size) {
  std::string bytes;
  std::uint32_t state = 1;
  while (bytes.size() < size) {
    state = state * 1664525u + 1013904223u;
    bytes += static_cast<char>(state >> 24);
  }
  return bytes;
}

TEST(ByteReader, reads_a_plain_file) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_message(folder.put("plain", message)), message);
}

TEST(ByteReader, recognizes_gzip_by_its_content_and_not_by_its_name) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_message(folder.put("named.gz", gzipped(message))), message);
  EXPECT_EQ(read_message(folder.put("unnamed", gzipped(message))), message);
  EXPECT_EQ(read_message(folder.put("plain.gz", message)), message);
}

TEST(ByteReader, reads_concatenated_gzip_members_as_one_stream) {
  const TemporaryFolder folder;
  const std::string members = gzipped(message.substr(0, 5)) + gzipped("") + gzipped(message.substr(5)) + gzipped("");
  EXPECT_EQ(read_message(folder.put("members.gz", members)), message);
}

TEST(ByteReader, reads_files_longer_than_its_buffers) {
  const TemporaryFolder folder;
  const std::string bytes = noise(3'000'001);
  EXPECT_EQ(read_message(folder.put("long", bytes), bytes.size()), bytes);
  EXPECT_EQ(read_message(folder.put("long.gz", gzipped(bytes)), bytes.size()), bytes);
  const std::string_view all = bytes;
  const std::string members = gzipped(all.substr(0, 1'000'000)) + gzipped(all.substr(1'000'000));
  EXPECT_EQ(read_message(folder.put("members.gz", members), bytes.size()), bytes);
}

TEST(ByteReader, says_what_is_missing_from_a_short_file) {
  const TemporaryFolder folder;
  const auto file = folder.put("short", "batch");
  EXPECT_EQ(file_error_line([&] { read_message(file); }), complaint(file, "19 bytes of a message", "only 5"));
  const auto empty = folder.put("empty", "");
  EXPECT_EQ(file_error_line([&] { read_message(empty); }), complaint(empty, "19 bytes of a message", "only 0"));
}

TEST(ByteReader, says_so_when_a_file_goes_on_after_its_end) {
  const TemporaryFolder folder;
  const std::string longer = std::string(message) + "!";
  for (const auto& file : {folder.put("long", longer), folder.put("long.gz", gzipped(longer)),
                           folder.put("members.gz", gzipped(message) + gzipped("!"))}) {
    EXPECT_EQ(file_error_line([&] { read_message(file); }),
              complaint(file, "the end of the data after 19 bytes", "more bytes"));
  }
}

TEST(ByteReader, refuses_every_truncation_of_a_gzip_stream) {
  const TemporaryFolder folder;
  const std::string whole = gzipped(message.substr(0, 7)) + gzipped(message.substr(7));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto file = folder.put("cut.gz", std::string_view(whole).substr(0, size));
    EXPECT_THROW(read_message(file), FileError) << size << " of " << whole.size() << " bytes";
  }
  const auto file = folder.put("cut.gz", std::string_view(whole).substr(0, whole.size() - 1));
  EXPECT_EQ(file_error_line([&] { read_message(file); }), complaint(file, "a whole gzip stream", "its end missing"));
}

TEST(ByteReader, never_returns_other_bytes_from_a_gzip_stream_with_one_byte_changed) {
  const TemporaryFolder folder;
  const std::string whole = gzipped(message);
  constexpr std::size_t header_bytes = 10;  // RFC 1952: beyond the magic and the method, it holds no data
  int refused = 0;
  for (std::size_t position = header_bytes; position < whole.size(); ++position) {
    std::string damaged = whole;
    damaged[position] = static_cast<char>(damaged[position] ^ 0x10);
    const auto file = folder.put("damaged.gz", damaged);
    try {
      EXPECT_EQ(read_message(file), message);
    } catch (const FileError&) {
      ++refused;
    }
  }
  // Only the last data byte holds bits that mean nothing: those after the end of the last block.
  EXPECT_GE(refused, static_cast<int>(whole.size() - header_bytes) - 1);
}

TEST(ByteReader, checks_the_checksum_of_a_gzip_stream_whose_data_are_all_there) {
  const TemporaryFolder folder;
  std::string damaged = gzipped(message);
  damaged[damaged.size() - 8] = static_cast<char>(damaged[damaged.size() - 8] ^ 1);
  const auto file = folder.put("checksum.gz", damaged);
  EXPECT_EQ(file_error_line([&] { read_message(file); }),
            complaint(file, "an intact gzip stream", "incorrect data check"));
}

TEST(ByteReader, refuses_what_follows_a_gzip_stream) {
  const TemporaryFolder folder;
  const auto file = folder.put("followed.gz", gzipped(message) + "left over");
  EXPECT_EQ(file_error_line([&] { read_message(file); }),
            complaint(file, "an intact gzip stream", "incorrect header check"));
}

TEST(ByteReader, does_not_believe_a_promise_beyond_the_limit) {
  const TemporaryFolder folder;
  const auto file = folder.put("promise", message);
  EXPECT_EQ(file_error_line([&] { read_message(file, std::size_t{1} << 40); }),
            complaint(file, "at most 4294967296 bytes of a message", "a header that promises 1099511627776"));
}

TEST(ByteReader, says_so_when_there_is_no_file_or_it_is_a_directory) {
  const TemporaryFolder folder;
  const auto missing = folder.path() / "missing";
  EXPECT_EQ(file_error_line([&] { read_message(missing); }),
            complaint(missing, "a file that can be opened", "No such file or directory"));
  EXPECT_EQ(file_error_line([&] { read_message(folder.path()); }),
            complaint(folder.path(), "a file that can be read", "Is a directory"));
}

TEST(FileError, is_one_line_of_text_whatever_the_name_and_the_contents_hold) {
  const FileError error("a\nb", "this", "that\r\n\xff");
  EXPECT_STREQ(error.what(), "a\\x0ab: expected this, found that\\x0d\\x0a\\xff");
}

}  // namespace
}  // namespace normproof::data
