// Is a file replaced whole or not at all, and is a bad place found before anything is written?
#include "proofs_checks/report/file_replacement.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::report {
namespace {

namespace fs = std::filesystem;
using data::contents;
using data::file_error_line;
using data::TemporaryFolder;

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(File_replacement, puts_the_new_text_in_place_of_the_old) {
  const TemporaryFolder folder;
  const fs::path file = folder.put("a.txt", "old and longer");
  FileReplacement(file).commit("new");
  EXPECT_EQ(contents(file), "new");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(File_replacement, leaves_everything_as_it_was_without_commit) {
  const TemporaryFolder folder;
  const fs::path file = folder.put("a.txt", "old");
  { const FileReplacement replacement(file); }
  EXPECT_EQ(contents(file), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(File_replacement, makes_folders_and_takes_them_away_again_without_commit) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "x" / "y" / "a.txt";
  { const FileReplacement replacement(file); }
  EXPECT_EQ(entries(folder.path()), 0U);
  FileReplacement(file).commit("text");
  EXPECT_EQ(contents(file), "text");
}

TEST(File_replacement, refuses_a_path_below_a_file) {
  const TemporaryFolder folder;
  folder.put("a.txt", "a file");
  const fs::path file = folder.path() / "a.txt" / "b.txt";
  EXPECT_NE(file_error_line([&] { const FileReplacement replacement(file); }), "");
  EXPECT_EQ(contents(folder.path() / "a.txt"), "a file");
}

TEST(File_replacement, refuses_a_folder) {
  const TemporaryFolder folder;
  EXPECT_NE(file_error_line([&] { const FileReplacement replacement(folder.path()); }), "");
}

TEST(File_replacement, follows_a_symbolic_link_to_its_file) {
  const TemporaryFolder folder;
  const fs::path file = folder.put("a.txt", "old");
  const fs::path link = folder.path() / "link";
  fs::create_symlink(file, link);
  FileReplacement(link).commit("new");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(contents(file), "new");
}

TEST(File_replacement, writes_to_a_device_without_replacing_it) {
  FileReplacement("/dev/null").commit("nobody reads this");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(File_replacement, says_that_a_device_is_full) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  FileReplacement replacement("/dev/full");
  EXPECT_NE(file_error_line([&] { replacement.commit("text"); }), "");
}

TEST(Made_folders, refuse_a_file_in_the_way) {
  const TemporaryFolder folder;
  const fs::path file = folder.put("a.txt", "a file");
  EXPECT_NE(file_error_line([&] { const MadeFolders made(file); }), "");
}

}  // namespace
}  // namespace normproof::report
