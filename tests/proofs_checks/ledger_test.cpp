// Does the ledger keep verdicts, tell agreement from difference, and refuse files that are none?
#include "proofs_checks/ledger.hpp"

#include <gtest/gtest.h>

#include "tests/impl/data/temporary_folder.hpp"

namespace normproof {
namespace {

using data::file_error_line;
using data::TemporaryFolder;
using evidence::Effort;

ReadingReport decided(const std::string& id, Verdict verdict) {
  ReadingReport reading;
  reading.id = id;
  reading.verdict = verdict;
  return reading;
}

ClaimReport claim_with(std::vector<ReadingReport> readings) {
  ClaimReport claim;
  claim.id = "bn_sum";
  claim.readings = std::move(readings);
  return claim;
}

Ledger ledger_with(const std::string& reading, Verdict verdict, Effort effort) {
  Ledger ledger;
  ledger.claims["bn_sum"][reading] = {verdict, effort, "old reason"};
  return ledger;
}

Standing standing_of(Verdict recorded, Effort recorded_effort, Verdict now, const char* effort) {
  ClaimReport claim = claim_with({decided("printed", now)});
  fill_recorded(ledger_with("printed", recorded, recorded_effort), claim);
  return standing(claim.readings[0], effort);
}

std::string error_of(const std::string& text) {
  return file_error_line([&] { parse_ledger(text, "ledger.json"); });
}

std::string with_entry(const std::string& entry) {
  return R"({"schema": "normproof.ledger.v1", "claims": {"bn_sum": {"printed": )" + entry + "}}}";
}

// ---- Agreement ---------------------------------------------------------------------------------------------------

TEST(Standing, agrees_where_the_verdict_is_the_same) {
  EXPECT_EQ(standing_of(Verdict::holds, Effort::deep, Verdict::holds, "quick"), Standing::agrees);
  EXPECT_EQ(standing_of(Verdict::inconclusive, Effort::deep, Verdict::inconclusive, "deep"), Standing::agrees);
}

TEST(Standing, agrees_where_less_work_was_inconclusive) {
  EXPECT_EQ(standing_of(Verdict::holds, Effort::standard, Verdict::inconclusive, "quick"),
            Standing::agrees_below_effort);
}

TEST(Standing, differs_where_as_much_work_was_inconclusive) {
  EXPECT_EQ(standing_of(Verdict::holds, Effort::standard, Verdict::inconclusive, "standard"), Standing::differs);
  EXPECT_EQ(standing_of(Verdict::holds, Effort::standard, Verdict::inconclusive, "deep"), Standing::differs);
}

TEST(Standing, differs_where_less_work_found_the_opposite) {
  EXPECT_EQ(standing_of(Verdict::holds, Effort::deep, Verdict::refuted, "quick"), Standing::differs);
}

TEST(Standing, differs_where_an_open_question_was_decided) {
  EXPECT_EQ(standing_of(Verdict::inconclusive, Effort::quick, Verdict::holds, "deep"), Standing::differs);
}

TEST(Standing, is_unrecorded_without_a_line) {
  ClaimReport claim = claim_with({decided("new", Verdict::holds)});
  fill_recorded(ledger_with("printed", Verdict::holds, Effort::quick), claim);
  EXPECT_EQ(standing(claim.readings[0], "standard"), Standing::unrecorded);
}

TEST(Stale_readings, are_those_that_only_the_ledger_has) {
  const Ledger ledger = ledger_with("old", Verdict::holds, Effort::quick);
  EXPECT_EQ(stale_readings(ledger, claim_with({decided("new", Verdict::holds)})), (std::vector<std::string>{"old"}));
  EXPECT_TRUE(stale_readings(ledger, claim_with({decided("old", Verdict::holds)})).empty());
}

// ---- Recording ---------------------------------------------------------------------------------------------------

TEST(Record, adds_changes_and_removes) {
  Ledger ledger = ledger_with("changes", Verdict::holds, Effort::standard);
  ledger.claims["bn_sum"]["goes"] = {Verdict::refuted, Effort::standard, "old reason"};
  const auto changes =
      record(ledger, claim_with({decided("changes", Verdict::refuted), decided("comes", Verdict::inconclusive)}),
             Effort::standard, "new reason");
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].kind, LedgerChange::Kind::removed);
  EXPECT_EQ(changes[1].kind, LedgerChange::Kind::changed);
  EXPECT_EQ(changes[1].words, "holds (standard) → refuted (standard)");
  EXPECT_EQ(changes[2].kind, LedgerChange::Kind::added);
  const auto& entries = ledger.claims["bn_sum"];
  EXPECT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries.at("changes").because, "new reason");
  EXPECT_EQ(entries.at("comes").verdict, Verdict::inconclusive);
}

TEST(Record, leaves_a_line_that_agrees_with_its_reason) {
  Ledger ledger = ledger_with("printed", Verdict::holds, Effort::standard);
  EXPECT_TRUE(record(ledger, claim_with({decided("printed", Verdict::holds)}), Effort::deep, "new").empty());
  EXPECT_TRUE(record(ledger, claim_with({decided("printed", Verdict::inconclusive)}), Effort::quick, "new").empty());
  EXPECT_EQ(ledger.claims["bn_sum"]["printed"].verdict, Verdict::holds);
  EXPECT_EQ(ledger.claims["bn_sum"]["printed"].because, "old reason");
}

TEST(Record, lowers_the_effort_where_less_work_decides_the_same) {
  Ledger ledger = ledger_with("printed", Verdict::holds, Effort::standard);
  EXPECT_EQ(record(ledger, claim_with({decided("printed", Verdict::holds)}), Effort::quick, "new").size(), 1U);
  EXPECT_EQ(ledger.claims["bn_sum"]["printed"].effort, Effort::quick);
  EXPECT_EQ(ledger.claims["bn_sum"]["printed"].because, "old reason");
}

TEST(Record, forgets_a_claim_without_readings) {
  Ledger ledger = ledger_with("printed", Verdict::holds, Effort::standard);
  EXPECT_EQ(record(ledger, claim_with({}), Effort::standard, "gone").size(), 1U);
  EXPECT_TRUE(ledger.claims.empty());
}

// ---- The file ----------------------------------------------------------------------------------------------------

TEST(Ledger_file, comes_back_as_it_was_written) {
  const TemporaryFolder folder;
  Ledger ledger = ledger_with("printed", Verdict::not_checkable, Effort::deep);
  ledger.claims["bn_sum"]["repaired"] = {Verdict::holds, Effort::quick, "says \"so\",\n\\ and ε"};
  ledger.claims["bn_other"]["printed"] = {Verdict::refuted, Effort::standard, ""};
  const auto file = folder.path() / "ledger.json";
  write_ledger(ledger, file);
  EXPECT_EQ(ledger_text(read_ledger(file)), ledger_text(ledger));
  EXPECT_EQ(read_ledger(file).claims["bn_sum"]["repaired"].because, "says \"so\",\n\\ and ε");
}

TEST(Ledger_file, has_a_reading_a_line_in_alphabetical_order) {
  Ledger ledger = ledger_with("z", Verdict::holds, Effort::quick);
  ledger.claims["bn_sum"]["a"] = {Verdict::refuted, Effort::deep, "why"};
  EXPECT_EQ(ledger_text(ledger),
            "{\n  \"schema\": \"normproof.ledger.v1\",\n  \"claims\": {\n    \"bn_sum\": {\n"
            "      \"a\": {\"verdict\": \"refuted\", \"effort\": \"deep\", \"because\": \"why\"},\n"
            "      \"z\": {\"verdict\": \"holds\", \"effort\": \"quick\", \"because\": \"old reason\"}\n"
            "    }\n  }\n}\n");
}

TEST(Ledger_file, may_be_empty_of_claims) { EXPECT_TRUE(parse_ledger(ledger_text({}), "ledger.json").claims.empty()); }

TEST(Ledger_file, that_is_none_is_refused_in_one_line) {
  EXPECT_NE(error_of("{").find("ledger.json: expected a ledger in JSON, found a syntax error"), std::string::npos);
  EXPECT_NE(error_of("{\"schema\": \"other\", \"claims\": {}}").find("normproof.ledger.v1"), std::string::npos);
  EXPECT_NE(error_of(R"({"schema": "normproof.ledger.v1"})").find("\"claims\""), std::string::npos);
  EXPECT_NE(error_of(with_entry("3")).find("/claims/bn_sum/printed"), std::string::npos);
  EXPECT_NE(error_of(with_entry(R"({"verdict": "maybe", "effort": "quick", "because": ""})")).find("holds"),
            std::string::npos);
  EXPECT_NE(error_of(with_entry(R"({"verdict": "holds", "effort": "fast", "because": ""})")).find("quick"),
            std::string::npos);
  EXPECT_NE(error_of(with_entry(R"({"verdict": "holds", "effort": "quick"})")).find("because"), std::string::npos);
}

TEST(Ledger_file, that_has_a_reading_twice_is_refused) {
  const std::string entry = R"({"verdict": "holds", "effort": "quick", "because": ""})";
  EXPECT_NE(error_of(with_entry(entry + ", \"printed\": " + entry)).find("\"printed\" twice"), std::string::npos);
}

TEST(Ledger_file, that_is_missing_or_a_folder_is_refused) {
  const TemporaryFolder folder;
  EXPECT_NE(file_error_line([&] { read_ledger(folder.path() / "none.json"); }).find("nothing"), std::string::npos);
  EXPECT_NE(file_error_line([&] { read_ledger(folder.path()); }).find("a directory"), std::string::npos);
}

}  // namespace
}  // namespace normproof
