// Does an array survive being written to and read from a .npy file, and does any other file give one clear line?
#include "impl/data/npy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "impl/data/file_error.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::data {
namespace {

using Shape = std::vector<std::int64_t>;
using Values = std::vector<double>;

// A .npy file byte by byte, so that the reader is tested against the format and not against our writer.
std::string npy_file(const std::string& dictionary, std::string_view values, int major = 1) {
  const std::string header = dictionary + '\n';
  std::string bytes = "\x93NUMPY";
  bytes += {static_cast<char>(major), '\0'};
  const int length_bytes = major == 1 ? 2 : 4;
  for (int i = 0; i < length_bytes; ++i) {
    bytes += static_cast<char>(header.size() >> (8 * i) & 0xff);
  }
  return bytes + header + std::string(values);
}

std::string dictionary(const std::string& descr, const std::string& shape, bool fortran_order = false) {
  return "{'descr': '" + descr + "', 'fortran_order': " + (fortran_order ? "True" : "False") + ", 'shape': " + shape +
         ", }";
}

std::string line_for(const TemporaryFolder& folder, const std::string& bytes) {
  const auto file = folder.put("array.npy", bytes);
  const std::string line = file_error_line([&] { read_npy(file); });
  EXPECT_EQ(line.substr(0, file.string().size() + 2), file.string() + ": ");
  return line.substr(std::min(line.size(), file.string().size() + 2));
}

TEST(Npy, doubles_survive_bit_for_bit) {
  using Limits = std::numeric_limits<double>;
  const TemporaryFolder folder;
  const auto file = folder.path() / "array.npy";
  const Values values = {
      1.0 / 3, -0.0, Limits::max(), Limits::denorm_min(), Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(),
      1e-300};
  write_npy(file, {2, 4}, values);
  const NpyArray array = read_npy(file);
  EXPECT_EQ(array.shape, (Shape{2, 4}));
  EXPECT_EQ(array.dtype, "<f8");
  ASSERT_EQ(array.values.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(array.values[i]), std::bit_cast<std::uint64_t>(values[i])) << i;
  }
}

TEST(Npy, floats_and_integers_survive) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "array.npy";
  write_npy(file, {3}, std::vector<float>{0.1f, -2.5f, std::numeric_limits<float>::denorm_min()});
  EXPECT_EQ(read_npy(file).dtype, "<f4");
  EXPECT_EQ(read_npy(file).values,
            (Values{static_cast<double>(0.1f), -2.5, static_cast<double>(std::numeric_limits<float>::denorm_min())}));
  write_npy(file, {2}, std::vector<std::int32_t>{std::numeric_limits<std::int32_t>::min(), 7});
  EXPECT_EQ(read_npy(file).dtype, "<i4");
  EXPECT_EQ(read_npy(file).values, (Values{-2147483648.0, 7}));
  write_npy(file, {2}, std::vector<std::int64_t>{std::int64_t{1} << 53, -(std::int64_t{1} << 53)});
  EXPECT_EQ(read_npy(file).dtype, "<i8");
  EXPECT_EQ(read_npy(file).values, (Values{9007199254740992.0, -9007199254740992.0}));
  write_npy(file, {2}, std::vector<std::uint8_t>{0, 255});
  EXPECT_EQ(read_npy(file).dtype, "|u1");
  EXPECT_EQ(read_npy(file).values, (Values{0, 255}));
}

TEST(Npy, shapes_of_every_rank_survive) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "array.npy";
  for (const Shape& shape : {Shape{}, Shape{1}, Shape{6}, Shape{2, 3}, Shape{1, 2, 1, 3}, Shape{0}, Shape{3, 0, 2}}) {
    std::size_t count = 1;
    for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
    const Values values(count, 0.5);
    write_npy(file, shape, values);
    EXPECT_EQ(read_npy(file).shape, shape);
    EXPECT_EQ(read_npy(file).values, values);
  }
}

TEST(Npy, file_is_laid_out_as_numpy_lays_it_out) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "array.npy";
  write_npy(file, {1}, Values{1.0});
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";
  const std::string one("\0\0\0\0\0\0\xf0\x3f", 8);
  EXPECT_EQ(contents(file),
            std::string("\x93NUMPY\1\0\x76\0", 10) + header + std::string(117 - header.size(), ' ') + "\n" + one);
}

TEST(Npy, both_byte_orders_of_floats_are_read) {
  const TemporaryFolder folder;
  const std::string f4_big("\x3f\xc0\0\0", 4);
  const std::string f4_little("\0\0\xc0\x3f", 4);
  const std::string f8_big("\x3f\xf8\0\0\0\0\0\0", 8);
  const std::string f8_little("\0\0\0\0\0\0\xf8\x3f", 8);
  EXPECT_EQ(read_npy(folder.put("a.npy", npy_file(dictionary(">f4", "(1,)"), f4_big))).values, Values{1.5});
  EXPECT_EQ(read_npy(folder.put("b.npy", npy_file(dictionary("<f4", "(1,)"), f4_little))).values, Values{1.5});
  EXPECT_EQ(read_npy(folder.put("c.npy", npy_file(dictionary(">f8", "(1,)"), f8_big))).values, Values{1.5});
  EXPECT_EQ(read_npy(folder.put("d.npy", npy_file(dictionary("<f8", "(1,)"), f8_little))).values, Values{1.5});
}

TEST(Npy, fortran_order_becomes_row_major) {
  const TemporaryFolder folder;
  const std::string values("\0\1\2\3\4\5", 6);
  EXPECT_EQ(read_npy(folder.put("2.npy", npy_file(dictionary("|u1", "(2, 3)", true), values))).values,
            (Values{0, 2, 4, 1, 3, 5}));
  std::string cube;
  for (char value = 0; value < 24; ++value) cube += value;
  // Element (i, j, k) of a 2 × 3 × 4 array in Fortran order is number i + 2j + 6k of the file.
  Values expected;
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k) expected.push_back(i + 2 * j + 6 * k);
    }
  }
  EXPECT_EQ(read_npy(folder.put("3.npy", npy_file(dictionary("|u1", "(2, 3, 4)", true), cube))).values, expected);
  EXPECT_EQ(read_npy(folder.put("0.npy", npy_file(dictionary("|u1", "()", true), "\7"))).values, Values{7});
}

TEST(Npy, every_version_and_a_gzipped_file_are_read) {
  const TemporaryFolder folder;
  for (const int major : {1, 2, 3}) {
    const std::string bytes = npy_file(dictionary("|u1", "(2,)"), "ab", major);
    EXPECT_EQ(read_npy(folder.put("a.npy", bytes)).values, (Values{'a', 'b'})) << major;
    EXPECT_EQ(read_npy(folder.put("a.npy.gz", gzipped(bytes))).values, (Values{'a', 'b'})) << major;
  }
}

TEST(Npy, header_may_be_written_in_any_way_that_means_the_same) {
  const TemporaryFolder folder;
  for (const std::string header : {"{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"|u1\"}",
                                   "{'fortran_order': True, 'shape': (1, 2), 'descr': '|u1'}",
                                   "  { 'descr' : '|u1' , 'fortran_order' : False , 'shape' : ( 2 , 1 , ) , }   "}) {
    EXPECT_EQ(read_npy(folder.put("a.npy", npy_file(header, "ab"))).values, (Values{'a', 'b'})) << header;
  }
}

TEST(Npy, every_truncation_of_a_file_is_refused) {
  const TemporaryFolder folder;
  std::vector<std::string> files;
  for (const int major : {1, 2, 3}) {
    files.push_back(npy_file(dictionary("<f4", "(2, 3)", true), std::string(24, 'x'), major));
  }
  files.push_back(gzipped(files.front()));
  for (const std::string& whole : files) {
    EXPECT_NO_THROW(read_npy(folder.put("whole.npy", whole)));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto file = folder.put("cut.npy", std::string_view(whole).substr(0, size));
      EXPECT_THROW(read_npy(file), FileError) << size << " of " << whole.size() << " bytes";
    }
  }
}

TEST(Npy, header_with_any_one_byte_changed_is_read_or_refused_but_never_trusted_blindly) {
  const TemporaryFolder folder;
  const std::string whole = npy_file(dictionary("<f4", "(2, 3)"), std::string(24, 'x'));
  const std::size_t header_end = whole.size() - 24;
  int refused = 0;
  for (std::size_t position = 0; position < header_end; ++position) {
    for (const char replacement : {'\0', '9', '-', '\'', '(', '\xff'}) {
      std::string damaged = whole;
      damaged[position] = replacement;
      try {
        // Whatever is accepted still accounts for every byte of the file.
        EXPECT_EQ(read_npy(folder.put("damaged.npy", damaged)).values.size(), 6u);
      } catch (const FileError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(Npy, wrong_magic_and_unknown_version_are_refused) {
  const TemporaryFolder folder;
  EXPECT_EQ(line_for(folder, "PK\3\4 an archive"), "expected the .npy magic \"\\x93NUMPY\", found \"PK\\x03\\x04 a\"");
  EXPECT_EQ(line_for(folder, npy_file(dictionary("|u1", "(2,)"), "ab", 4)),
            "expected .npy version 1.0, 2.0 or 3.0, found 4.0");
  std::string minor = npy_file(dictionary("|u1", "(2,)"), "ab");
  minor[7] = 1;
  EXPECT_EQ(line_for(folder, minor), "expected .npy version 1.0, 2.0 or 3.0, found 1.1");
}

TEST(Npy, unknown_types_are_refused) {
  const TemporaryFolder folder;
  for (const std::string descr : {"<f2", "<c16", "|b1", "<u4", "|O", "f8", "<f16", ""}) {
    EXPECT_EQ(line_for(folder, npy_file(dictionary(descr, "(2,)"), "ab")),
              "expected a .npy type among <f4 <f8 >f4 >f8 |u1 <i4 <i8, found \"" + descr + "\"");
  }
}

TEST(Npy, malformed_headers_are_refused) {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& header, const std::string& expected, const std::string& found) {
    EXPECT_EQ(line_for(folder, npy_file(header, "ab")), "expected " + expected + " in the .npy header, found " + found)
        << header;
  };
  const std::string keys = "the keys descr, fortran_order and shape, each once";
  const std::string tuple = "a tuple of at most 64 counts for shape";
  const std::string before = "{'descr':'|u1','fortran_order':False,'shape':";
  refused("", "a dictionary that begins with {", "its end at its byte 1");
  refused("{}", keys, "\"{}\\x0a\" at its byte 0");
  refused("{'descr':'|u1'", "a comma or }", "its end at its byte 15");
  refused("{'descr':'|u1','descr':'|u1'}", keys, "\"'descr':'|u1'}\\x0a\" at its byte 15");
  refused("{'other':1}", keys, "\"'other':1}\\x0a\" at its byte 1");
  refused("{'descr':'|u1','shape':(2,)}", keys, "\"{'descr':'|u1','shape':(2,)}\\x0a\" at its byte 0");
  refused("{'descr':[('a','<f4')]}", "descr in quotes", "\"[('a','<f4')]}\\x0a\" at its byte 9");
  refused("{'descr", "a key in quotes", "\"'descr\\x0a\" at its byte 1");
  refused("{'descr' '|u1'}", "a colon after the key", "\"'|u1'}\\x0a\" at its byte 9");
  refused("{'fortran_order':0}", "True or False for fortran_order", "\"0}\\x0a\" at its byte 17");
  refused(before + "(2)}", tuple, "\"(2)}\\x0a\" at its byte 45");
  refused(before + "(-2,)}", tuple, "\"-2,)}\\x0a\" at its byte 46");
  refused(before + "(-0,)}", tuple, "\"-0,)}\\x0a\" at its byte 46");
  refused(before + "(,)}", tuple, "\",)}\\x0a\" at its byte 46");
  refused(before + "(1 2)}", tuple, "\"2)}\\x0a\" at its byte 48");
  refused(before + "(1,,2)}", tuple, "\",2)}\\x0a\" at its byte 48");
  refused(before + "(2.0,)}", tuple, "\".0,)}\\x0a\" at its byte 47");
  refused(before + "[2]}", tuple, "\"[2]}\\x0a\" at its byte 45");
  refused(before + "(99999999999999999999,)}", tuple, "\"99999999999999999999,)}\\x0a\" at its byte 46");
  refused(before + "(2,)} import os", "nothing after the dictionary", "\"import os\\x0a\" at its byte 51");
  std::string many = "(";
  for (int axis = 0; axis < 65; ++axis) many += "1,";
  refused(before + many + ")}", tuple, "\"" + many.substr(0, 40) + "\" at its byte 45");
}

TEST(Npy, header_length_is_bounded) {
  const TemporaryFolder folder;
  EXPECT_EQ(line_for(folder, std::string("\x93NUMPY\2\0\xff\xff\xff\xff", 12) + "{}"),
            "expected a .npy header of at most 65536 bytes, found one of 4294967295");
}

TEST(Npy, shapes_that_overflow_or_are_absurd_are_refused) {
  const TemporaryFolder folder;
  const std::string expected = "expected at most 536870912 values, found a header that promises the shape ";
  EXPECT_EQ(line_for(folder, npy_file(dictionary("<f8", "(4294967296, 4294967296)"), "")),
            expected + "(4294967296, 4294967296) of <f8");
  EXPECT_EQ(line_for(folder, npy_file(dictionary("|u1", "(536870913,)"), "")), expected + "(536870913,) of |u1");
  EXPECT_EQ(line_for(folder, npy_file(dictionary("<f8", "(16384, 16384)"), "ab")),
            "expected 2147483648 bytes of values ((16384, 16384) of <f8), found only 2");
}

TEST(Npy, too_few_and_too_many_values_are_refused) {
  const TemporaryFolder folder;
  EXPECT_EQ(line_for(folder, npy_file(dictionary("<i4", "(1, 2)"), "1234567")),
            "expected 8 bytes of values ((1, 2) of <i4), found only 7");
  const std::string bytes = npy_file(dictionary("<i4", "(1, 2)"), "123456789");
  EXPECT_EQ(line_for(folder, bytes),
            "expected the end of the data after " + std::to_string(bytes.size() - 1) + " bytes, found more bytes");
}

TEST(Npy, integer_that_is_no_double_is_refused) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "array.npy";
  constexpr std::int64_t limit = std::int64_t{1} << 53;
  for (const std::int64_t value :
       {limit + 1, -limit - 1, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    write_npy(file, {2}, std::vector<std::int64_t>{0, value});
    EXPECT_EQ(file_error_line([&] { read_npy(file); }),
              complaint(file, "integers within 2^53 of zero, which a double holds exactly",
                        "a larger one as value 1 of the file"));
  }
}

TEST(Npy, writing_refuses_a_shape_that_is_not_the_values) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "array.npy";
  EXPECT_THROW(write_npy(file, {2, 2}, Values{1, 2, 3}), std::invalid_argument);
  EXPECT_THROW(write_npy(file, {-1, -3}, Values{1, 2, 3}), std::invalid_argument);
  EXPECT_THROW(write_npy(file, Shape(65, 1), Values{1}), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(Npy, writing_replaces_a_file_and_leaves_nothing_beside_it) {
  const TemporaryFolder folder;
  const auto file = folder.put("array.npy", "what was there before");
  write_npy(file, {1}, Values{4});
  EXPECT_EQ(read_npy(file).values, Values{4});
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(Npy, writing_where_it_cannot_be_done_says_so_and_leaves_nothing) {
  const TemporaryFolder folder;
  const auto nowhere = folder.path() / "missing" / "array.npy";
  EXPECT_EQ(file_error_line([&] { write_npy(nowhere, {1}, Values{4}); }),
            complaint(nowhere, "a place that can be written", "No such file or directory"));
  const auto directory = folder.path() / "directory";
  std::filesystem::create_directory(directory);
  EXPECT_EQ(file_error_line([&] { write_npy(directory, {1}, Values{4}); }),
            complaint(directory, "a file that can be replaced", "a directory or a device"));
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

}  // namespace
}  // namespace normproof::data
