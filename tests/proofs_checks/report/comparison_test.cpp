// Does a comparison of two reports tell worse from better from merely different?
#include "proofs_checks/report/comparison.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "proofs_checks/report/json_view.hpp"
#include "tests/impl/data/temporary_folder.hpp"
#include "tests/proofs_checks/report/sample_run.hpp"

namespace normproof::report {
namespace {

using data::file_error_line;
using data::TemporaryFolder;

Comparison compare(const RunReport& before, const RunReport& after) {
  const TemporaryFolder folder;
  return compare_reports(folder.put("a.json", json_view(before)), folder.put("b.json", json_view(after)));
}

// The passing run against what becomes of it.
Comparison after(const std::function<void(RunReport&)>& change) {
  RunReport changed = passing_run();
  change(changed);
  return compare(passing_run(), changed);
}

Comparison before(const std::function<void(RunReport&)>& change) {
  RunReport changed = passing_run();
  change(changed);
  return compare(changed, passing_run());
}

std::string error_of(const std::string& text) {
  const TemporaryFolder folder;
  const auto good = folder.put("good.json", json_view(passing_run()));
  const auto bad = folder.put("bad.json", text);
  return file_error_line([&] { compare_reports(good, bad); });
}

TEST(Comparison, of_a_report_with_itself_finds_nothing) {
  const Comparison same = after([](RunReport&) {});
  EXPECT_TRUE(same.changes.empty());
  EXPECT_TRUE(same.circumstances.empty());
  EXPECT_FALSE(same.worse());
}

TEST(Comparison, does_not_look_at_times) {
  EXPECT_TRUE(after([](RunReport& run) {
                run.seconds = 99;
                run.claims[0].seconds = 98;
              }).changes.empty());
}

TEST(Comparison, calls_a_flip_worse_both_ways) {
  const auto flip = [](RunReport& run) {
    run.claims[0].readings[0].verdict = Verdict::refuted;
    for (Evidence& evidence : run.claims[0].readings[0].evidence) evidence.supports = false;
  };
  EXPECT_TRUE(after(flip).worse());
  EXPECT_TRUE(before(flip).worse());
  EXPECT_EQ(after(flip).changes.at(0).words, "holds → refuted");
}

TEST(Comparison, calls_undecided_worse_and_decided_better) {
  const auto lose = [](RunReport& run) { run.claims[0].readings[0].verdict = Verdict::inconclusive; };
  EXPECT_TRUE(after(lose).worse());
  EXPECT_FALSE(before(lose).worse());
  EXPECT_EQ(before(lose).changes.at(0).kind, Change::Kind::better);
}

TEST(Comparison, calls_a_weaker_strongest_grade_worse) {
  const auto weaken = [](RunReport& run) { run.claims[0].readings[0].evidence.pop_back(); };
  EXPECT_TRUE(after(weaken).worse());
  EXPECT_EQ(before(weaken).changes.at(0).kind, Change::Kind::better);
}

TEST(Comparison, does_not_count_evidence_against_a_verdict_for_its_grade) {
  EXPECT_TRUE(after([](RunReport& run) { run.claims[0].readings[0].evidence.back().supports = false; }).worse());
}

TEST(Comparison, calls_a_lost_reading_claim_or_mutant_worse) {
  EXPECT_TRUE(after([](RunReport& run) { run.claims[0].readings.pop_back(); }).worse());
  EXPECT_TRUE(after([](RunReport& run) { run.claims.clear(); }).worse());
  EXPECT_TRUE(after([](RunReport& run) { run.claims[0].mutants.clear(); }).worse());
}

TEST(Comparison, calls_what_is_new_a_change_and_not_worse) {
  const auto lose = [](RunReport& run) { run.claims[0].readings.pop_back(); };
  EXPECT_EQ(before(lose).changes.size(), 1U);
  EXPECT_FALSE(before(lose).worse());
}

TEST(Comparison, calls_a_mutant_that_survives_worse) {
  const auto survive = [](RunReport& run) { run.claims[0].mutants[0].refuted = false; };
  EXPECT_TRUE(after(survive).worse());
  EXPECT_FALSE(before(survive).worse());
}

TEST(Comparison, names_other_circumstances) {
  const Comparison comparison = after([](RunReport& run) { run.effort = "deep"; });
  EXPECT_EQ(comparison.circumstances, (std::vector<std::string>{"effort: \"standard\" → \"deep\""}));
  EXPECT_FALSE(comparison.worse());
}

TEST(Comparison, refuses_what_is_no_report_in_one_line) {
  EXPECT_NE(error_of("").find("syntax error"), std::string::npos);
  EXPECT_NE(error_of("{\n\"schema\": oops}").find("line 2, column 11"), std::string::npos);
  EXPECT_NE(error_of("[]").find("an object"), std::string::npos);
  EXPECT_NE(error_of("{\"schema\": \"normproof.ledger.v1\"}").find("normproof.report.v1"), std::string::npos);
  EXPECT_NE(error_of("{\"schema\": \"normproof.report.v1\"}").find("the key \"run\""), std::string::npos);
  EXPECT_NE(error_of("{\"a\": 1, \"a\": 2}").find("twice"), std::string::npos);
}

TEST(Comparison, refuses_a_report_with_an_unknown_verdict_and_says_where) {
  std::string text = json_view(passing_run());
  text.replace(text.find("\"verdict\": \"holds\""), 18, "\"verdict\": \"maybe\"");
  EXPECT_NE(error_of(text).find("/claims/0/readings/0/verdict"), std::string::npos);
}

TEST(Comparison, refuses_a_report_that_has_a_reading_twice) {
  RunReport run = passing_run();
  run.claims[0].readings.push_back(run.claims[0].readings[0]);
  EXPECT_NE(error_of(json_view(run)).find("comes once"), std::string::npos);
}

}  // namespace
}  // namespace normproof::report
