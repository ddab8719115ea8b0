// Does every fuzz target keep its promises on the inputs in its corpus, those of fixed bugs among them?
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/target.hpp"

namespace normproof::fuzz {

struct NamedTarget {
  const char* name;
  void (*run)(std::string_view bytes);
};

// GoogleTest prints a parameter that fails.
void PrintTo(const NamedTarget& target, std::ostream* out) { *out << target.name; }

namespace {

namespace fs = std::filesystem;

constexpr std::array<NamedTarget, 7> targets = {{{"case_text", &case_text},
                                                 {"case_values", &case_values},
                                                 {"failures_file", &failures_file},
                                                 {"kernel_table", &kernel_table},
                                                 {"known_failures", &known_failures},
                                                 {"option_line", &option_line},
                                                 {"worker_line", &worker_line}}};

const fs::path folder = NORMPROOF_SOURCE_DIR "/tests/fuzz";

std::vector<fs::path> entries_of(const fs::path& of) {
  std::vector<fs::path> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(of)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class FuzzCorpus : public testing::TestWithParam<NamedTarget> {};

TEST_P(FuzzCorpus, breaks_no_promise) {
  const std::vector<fs::path> inputs = entries_of(folder / "corpus" / GetParam().name);
  EXPECT_GT(inputs.size(), 1U);
  for (const fs::path& input : inputs) {
    try {
      GetParam().run(contents(input));
    } catch (const std::exception& error) {
      ADD_FAILURE() << input << ": " << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpus, testing::ValuesIn(targets), [](const auto& of) { return of.param.name; });

TEST(FuzzTargets, are_all_tried_here) {
  std::vector<std::string> here, files;
  for (const NamedTarget& target : targets) here.emplace_back(target.name);
  for (const fs::path& file : entries_of(folder / "targets")) files.push_back(file.stem().string());
  EXPECT_EQ(here, files);
}

TEST(FuzzTargets, notice_a_broken_promise) {
  EXPECT_THROW(promise(false, "words"), BrokenPromise);
  EXPECT_THROW(promise_one_line("two\nlines"), BrokenPromise);
  EXPECT_THROW(promise_one_line(""), BrokenPromise);
  EXPECT_NO_THROW(promise_one_line("one line"));
}

}  // namespace
}  // namespace normproof::fuzz
