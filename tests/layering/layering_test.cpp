// Does every file of the tree keep the rules of layering and style, and would a file that breaks one be caught?
//
// tests/layering/bad/<rule>/ holds small trees; each breaks that one rule and no other.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "tests/layering/tree_rules.hpp"

namespace normproof::tests {
namespace {

const std::filesystem::path root = NORMPROOF_SOURCE_DIR;
const std::filesystem::path bad = root / "tests/layering/bad";

TEST(Tree, keeps_every_rule) {
  const auto files = read_tree(root);
  std::set<std::string> folders;
  for (const SourceFile& file : files) folders.insert(file.path.substr(0, file.path.find('/')));
  for (const char* folder : {"theory", "impl", "proofs_checks", "tests", "dev"}) {
    EXPECT_TRUE(folders.count(folder)) << "nothing was read of " << folder;
  }
  std::string broken;
  for (const Finding& finding : findings(files)) broken += finding.text() + '\n';
  EXPECT_TRUE(broken.empty()) << broken;
}

TEST(EveryRule, has_a_bad_tree) {
  for (const Rule& rule : rules()) EXPECT_TRUE(std::filesystem::is_directory(bad / rule.name)) << rule.name;
}

TEST(EveryBadFile, is_caught_by_the_rule_of_its_folder_and_by_no_other) {
  std::size_t checked = 0;
  for (const auto& folder : std::filesystem::directory_iterator(bad)) {
    const std::string rule = folder.path().filename().string();
    for (const SourceFile& file : read_tree(folder.path())) {
      ++checked;
      const auto found = findings({file});
      EXPECT_FALSE(found.empty()) << rule << " did not catch " << file.path;
      for (const Finding& finding : found) EXPECT_EQ(finding.rule, rule) << finding.text();
    }
  }
  EXPECT_GE(checked, rules().size());
}

TEST(Finding, names_file_line_rule_and_what) {
  const auto files = read_tree(bad / "includes_point_one_way");
  std::set<std::string> texts;
  for (const Finding& finding : findings(files)) texts.insert(finding.text());
  EXPECT_TRUE(
      texts.count("theory/asks_the_implementation.hpp:4: includes_point_one_way: "
                  "theory/ must not include impl/reference/batch_norm.hpp"));
}

TEST(LinesAreShort, counts_characters_and_not_bytes) {
  std::string line = "// ";
  for (int i = 0; i < 117; ++i) line += "σ";
  EXPECT_TRUE(findings({{"theory/greek.hpp", {line, "#pragma once"}}}).empty());
  EXPECT_EQ(findings({{"theory/greek.hpp", {line + "σ", "#pragma once"}}}).size(), 1u);
}

TEST(FastMath, is_allowed_where_the_file_says_why) {
  const std::string flag = std::string("-ffast") + "-math";
  EXPECT_EQ(findings({{"bench/CMakeLists.txt", {"# What?", "add_compile_options(" + flag + ")"}}}).size(), 1u);
  EXPECT_TRUE(findings({{"bench/CMakeLists.txt", {"# fast-math is sound here: nothing is decided.", flag}}}).empty());
}

}  // namespace
}  // namespace normproof::tests
