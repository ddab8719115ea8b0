// Does a journal give back every measurement bit for bit, and does it notice what is not as it was written?
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <csignal>
#include <limits>
#include <random>

#include "proofs_checks/measurements/journal.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::measurements {
namespace {

namespace fs = std::filesystem;
using data::contents;
using data::file_error_line;
using testing::HasSubstr;

const JournalHeader header{"0.1.0", 18446744073709551615U, "quick"};

std::vector<std::uint64_t> bits(const evidence::Measured& numbers) {
  std::vector<std::uint64_t> words;
  for (const double number : numbers) words.push_back(std::bit_cast<std::uint64_t>(number));
  return words;
}

class Journal : public testing::Test {
 protected:
  // Two measurements of one process.
  void write_two() const {
    JournalFile file(folder_.path(), 0);
    file.begin(header, {});
    file.append("a/point=1", {0.1, 2});
    file.append("b/point=2", {});
  }

  fs::path path(int rank = 0) const { return folder_.path() / "journal" / ("rank-" + std::to_string(rank) + ".jsonl"); }
  JournalContents read() const { return read_journals(folder_.path(), header); }
  std::string complaint() const {
    return file_error_line([&] { read(); });
  }
  void rewrite(const std::string& text) const { folder_.put("journal/rank-0.jsonl", text); }

  data::TemporaryFolder folder_;
};

TEST_F(Journal, is_written_as_its_header_says) {
  write_two();
  EXPECT_EQ(contents(path()),
            "{\"schema\":\"normproof.journal.v1\",\"version\":\"0.1.0\",\"seed\":18446744073709551615,"
            "\"effort\":\"quick\"}\n"
            // The digests were worked out by other code.
            "{\"key\":\"a/point=1\",\"numbers\":[0.1,2.0],\"digest\":\"2809a5ee4e3db164\"}\n"
            "{\"key\":\"b/point=2\",\"numbers\":[],\"digest\":\"c5b5b3672c137783\"}\n");
}

TEST_F(Journal, gives_every_double_back_bit_for_bit) {
  using Limits = std::numeric_limits<double>;
  const evidence::Measured special = {0.0,
                                      -0.0,
                                      1,
                                      -1,
                                      0.1,
                                      1e22,
                                      -12345678901234567890.0,
                                      Limits::infinity(),
                                      -Limits::infinity(),
                                      Limits::quiet_NaN(),
                                      -Limits::quiet_NaN(),
                                      std::bit_cast<double>(std::uint64_t{0x7ff00000deadbeef}),
                                      Limits::denorm_min(),
                                      -Limits::min(),
                                      Limits::max(),
                                      Limits::lowest()};
  JournalFile file(folder_.path(), 0);
  file.begin(header, {});
  file.append("special", special);
  EXPECT_EQ(bits(read().known.at("special")), bits(special));

  std::mt19937_64 random_bits(1);
  evidence::Measured any;
  for (int k = 0; k < 100'000; ++k) any.push_back(std::bit_cast<double>(random_bits()));
  file.append("any", any);
  EXPECT_TRUE(bits(read().known.at("any")) == bits(any));
}

TEST_F(Journal, ignores_a_last_line_that_was_cut_short_wherever_it_was_cut) {
  write_two();
  const std::string whole = contents(path());
  const std::size_t start = whole.find("{\"key\":\"b");
  for (std::size_t length = start + 1; length < whole.size(); ++length) {
    rewrite(whole.substr(0, length));
    const JournalContents journal = read();
    EXPECT_EQ(journal.known.size(), 1U) << length;
    EXPECT_EQ(journal.cut_lines, 1U) << length;
  }
  rewrite(whole.substr(0, start));
  EXPECT_EQ(read().cut_lines, 0U);
}

TEST_F(Journal, goes_on_behind_the_last_whole_line) {
  write_two();
  fs::resize_file(path(), fs::file_size(path()) - 3);
  {
    JournalFile file(folder_.path(), 0);
    file.go_on(header);
    file.append("c", {3});
  }
  const JournalContents journal = read();
  EXPECT_EQ(journal.cut_lines, 0U);
  EXPECT_EQ(journal.known, (Known{{"a/point=1", {0.1, 2}}, {"c", {3}}}));
}

TEST_F(Journal, notices_any_byte_that_was_changed) {
  write_two();
  const std::string whole = contents(path());
  const std::size_t end_of_header = whole.find('\n');
  for (std::size_t place = end_of_header + 1; place + 1 < whole.size(); ++place) {
    if (whole[place] == '\n') continue;
    std::string changed = whole;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    rewrite(changed);
    const std::size_t line = 1 + static_cast<std::size_t>(std::count(
                                     whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(place), '\n'));
    EXPECT_THAT(complaint(), HasSubstr("rank-0.jsonl:" + std::to_string(line) + ": expected a measurement")) << place;
  }
}

TEST_F(Journal, notices_lines_that_disagree_about_one_key) {
  write_two();
  {
    JournalFile other(folder_.path(), 10);
    other.begin(header, {});
    other.append("b/point=2", {});
  }
  EXPECT_EQ(read().known.size(), 2U);
  {
    JournalFile other(folder_.path(), 2);
    other.begin(header, {});
    other.append("a/point=1", {0.1, 3});
  }
  EXPECT_THAT(complaint(), HasSubstr("rank-2.jsonl:2: expected the numbers of a/point=1 that an earlier line has"));
}

TEST_F(Journal, belongs_to_one_version_seed_and_effort) {
  write_two();
  const auto complaint_of = [&](const JournalHeader& other) {
    return file_error_line([&] { read_journals(folder_.path(), other); });
  };
  EXPECT_THAT(complaint_of({"0.2.0", header.seed, "quick"}), HasSubstr("version 0.2.0, found one of version 0.1.0"));
  EXPECT_THAT(complaint_of({"0.1.0", 7, "quick"}), HasSubstr("of seed 7, found one of seed 18446744073709551615"));
  EXPECT_THAT(complaint_of({"0.1.0", header.seed, "deep"}), HasSubstr("of effort deep, found one of effort quick"));
}

TEST_F(Journal, has_a_header) {
  fs::create_directory(folder_.path() / "journal");
  for (const char* text : {"", "\n", "{", "{}\n", "[]\n", "{\"schema\":\"normproof.journal.v2\"}\n",
                           "{\"schema\":\"normproof.journal.v1\",\"version\":\"0.1.0\"}"}) {
    rewrite(text);
    EXPECT_THAT(complaint(), HasSubstr("rank-0.jsonl:1: expected the header of a journal")) << text;
  }
  rewrite("{\"schema\":\"normproof.journal.v1\",\"version\":1}\n");
  EXPECT_THAT(complaint(), HasSubstr("a journal of version 0.1.0, found one of version 1"));
}

TEST_F(Journal, is_somewhere) {
  EXPECT_THAT(file_error_line([&] { read_journals(folder_.path() / "none", header); }), HasSubstr("found nothing"));
  EXPECT_THAT(complaint(), HasSubstr("found no journal in it"));
  fs::create_directory(folder_.path() / "journal");
  folder_.put("journal/rank-x.jsonl", "");
  folder_.put("journal/rank-0.jsonl.partial.7.0", "");
  folder_.put("journal/rank-01.jsonl", "");
  EXPECT_THAT(complaint(), HasSubstr("found no journal in it"));
}

TEST_F(Journal, leaves_no_trace_until_it_is_begun) {
  { const JournalFile file(folder_.path() / "deep" / "er", 0); }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
  write_two();
  const std::string before = contents(path());
  { const JournalFile file(folder_.path(), 0); }
  EXPECT_EQ(contents(path()), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(path().parent_path()), fs::directory_iterator()), 1);
}

TEST_F(Journal, starts_with_what_is_carried_over) {
  write_two();
  const Known known = read().known;
  {
    JournalFile file(folder_.path(), 0);
    file.begin(header, known);
    file.append("c", {3});
  }
  EXPECT_EQ(read().known.size(), 3U);
  remove_journals(folder_.path());
  EXPECT_TRUE(fs::is_empty(path().parent_path()));
}

TEST_F(Journal, holds_whole_lines_where_the_disk_is_full) {
  write_two();
  const std::string before = contents(path());
  rlimit unlimited = {};
  getrlimit(RLIMIT_FSIZE, &unlimited);
  const auto old_action = std::signal(SIGXFSZ, SIG_IGN);  // the limit is an error of write() then
  JournalFile file(folder_.path(), 0);
  file.go_on(header);
  rlimit limited = unlimited;
  limited.rlim_cur = before.size() + 10;
  setrlimit(RLIMIT_FSIZE, &limited);
  EXPECT_THROW(file.append("c", evidence::Measured(100, 1.0)), JournalError);
  setrlimit(RLIMIT_FSIZE, &unlimited);
  std::signal(SIGXFSZ, old_action);
  EXPECT_EQ(contents(path()), before);
  file.append("d", {4});
  EXPECT_EQ(read().known.size(), 3U);
}

}  // namespace
}  // namespace normproof::measurements
