// Do the four views of a run say what the run says, whatever its texts and numbers are?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "proofs_checks/report/json_view.hpp"
#include "proofs_checks/report/junit_view.hpp"
#include "proofs_checks/report/markdown_view.hpp"
#include "proofs_checks/report/summary.hpp"
#include "proofs_checks/report/terminal_view.hpp"
#include "proofs_checks/report/text.hpp"
#include "tests/proofs_checks/report/sample_run.hpp"

namespace normproof::report {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

ordered_json json_of(const RunReport& run) { return ordered_json::parse(json_view(run)); }

std::vector<std::string> keys(const ordered_json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

std::string plain(const RunReport& run) { return terminal_view(run, {}); }

// ---- Summary -----------------------------------------------------------------------------------------------------

TEST(Summary, passes_when_all_is_as_recorded) {
  const Summary summary = summarize(passing_run());
  EXPECT_EQ(summary.holds, 1);
  EXPECT_EQ(summary.refuted, 1);
  EXPECT_EQ(summary.mutants_refuted, 1);
  EXPECT_TRUE(summary.passes());
  EXPECT_TRUE(failing_claims(passing_run()).empty());
}

TEST(Summary, fails_when_a_verdict_differs) {
  RunReport run = passing_run();
  run.claims[0].readings[0].recorded = "refuted";
  EXPECT_EQ(summarize(run).differing, 1);
  EXPECT_FALSE(summarize(run).passes());
  EXPECT_EQ(failing_claims(run), (std::vector<std::string>{"bn_sum"}));
}

TEST(Summary, fails_when_a_reading_has_no_record) {
  RunReport run = passing_run();
  run.claims[0].readings[0].recorded = "";
  EXPECT_EQ(summarize(run).unrecorded, 1);
  EXPECT_FALSE(summarize(run).passes());
}

TEST(Summary, fails_when_a_mutant_survives) {
  RunReport run = passing_run();
  run.claims[0].mutants[0].refuted = false;
  EXPECT_FALSE(summarize(run).passes());
}

TEST(Summary, fails_when_a_mutant_is_no_near_miss) {
  RunReport run = passing_run();
  run.claims[0].mutants[0].agreed = false;
  EXPECT_EQ(summarize(run).straw_mutants, 1);
  EXPECT_FALSE(summarize(run).passes());
}

TEST(Summary, fails_when_the_ledger_has_a_reading_that_is_gone) {
  RunReport run = passing_run();
  run.stale = {{"bn_sum", "old", "holds"}};
  EXPECT_FALSE(summarize(run).passes());
  EXPECT_EQ(failing_claims(run), (std::vector<std::string>{"bn_sum"}));
}

TEST(Summary, fails_when_a_claim_could_not_be_decided_even_where_its_readings_agree) {
  RunReport run = passing_run();
  run.claims[0].trouble = "out of memory";
  EXPECT_FALSE(summarize(run).passes());
}

TEST(Summary, counts_and_accepts_what_is_inconclusive_below_the_effort_of_the_record) {
  RunReport run = passing_run();
  run.effort = "quick";
  run.claims[0].readings[0].verdict = Verdict::inconclusive;
  EXPECT_EQ(summarize(run).agreeing_below_effort, 1);
  EXPECT_TRUE(summarize(run).passes());
}

TEST(Strongest_grade, is_the_best_of_the_evidence_on_the_verdicts_side) {
  ReadingReport reading = holding_reading();
  EXPECT_EQ(strongest_grade(reading), Grade::exact);
  reading.evidence[1].supports = false;
  EXPECT_EQ(strongest_grade(reading), Grade::searched);
  reading.evidence.clear();
  EXPECT_EQ(strongest_grade(reading), std::nullopt);
}

TEST(Error_budget, is_spent_by_statistical_evidence_alone) {
  RunReport run = passing_run();
  EXPECT_EQ(statistical_error(run.claims), 0);
  Evidence sampled;
  sampled.grade = Grade::statistical;
  sampled.error_probability = 1e-9;
  run.claims[0].readings[0].evidence.push_back(sampled);
  EXPECT_EQ(statistical_error(run.claims), 1e-9);
}

// ---- JSON --------------------------------------------------------------------------------------------------------

TEST(Json_view, has_the_keys_of_its_schema_in_order) {
  const ordered_json json = json_of(passing_run());
  EXPECT_EQ(json["schema"], "normproof.report.v1");
  EXPECT_EQ(keys(json), (std::vector<std::string>{"schema", "run", "error_budget", "claims", "kill_matrix", "stale"}));
  for (const char* key : {"version", "seed", "effort", "seconds", "compiler", "cpu", "complete", "data"}) {
    EXPECT_TRUE(json["run"].contains(key)) << key;
  }
  const ordered_json& claim = json["claims"][0];
  for (const char* key : {"id", "title", "sources", "readings", "mutants", "seconds"}) {
    EXPECT_TRUE(claim.contains(key)) << key;
  }
  const ordered_json& reading = claim["readings"][0];
  for (const char* key :
       {"id", "statement", "hypotheses", "verdict", "recorded", "evidence", "certificate", "why", "counterexample"}) {
    EXPECT_TRUE(reading.contains(key)) << key;
  }
  for (const char* key : {"grade", "cases", "error_probability", "seconds", "detail"}) {
    EXPECT_TRUE(reading["evidence"][0].contains(key)) << key;
  }
}

TEST(Json_view, says_what_the_run_says) {
  const ordered_json json = json_of(passing_run());
  EXPECT_EQ(json["run"]["seed"], 18446744073709551615U);
  EXPECT_EQ(json["run"]["complete"], true);
  const ordered_json& readings = json["claims"][0]["readings"];
  EXPECT_EQ(readings[0]["verdict"], "holds");
  EXPECT_EQ(readings[0]["recorded"], "holds");
  EXPECT_EQ(readings[0]["counterexample"], nullptr);
  EXPECT_EQ(readings[0]["evidence"][1]["detail"]["degree"], 12);
  EXPECT_EQ(readings[0]["evidence"][1]["error_probability"], 2.5e-20);
  EXPECT_EQ(readings[1]["counterexample"]["inputs"]["x[1,1]"], "-3/2");
  EXPECT_EQ(readings[1]["certificate"], nullptr);
  EXPECT_EQ(json["claims"][0]["mutants"][0]["refuted"], true);
  EXPECT_EQ(json["claims"][0]["sources"][1]["locator"], "Fact C.1");
}

TEST(Json_view, has_null_where_there_is_no_record) {
  RunReport run = passing_run();
  run.claims[0].readings[0].recorded = "";
  EXPECT_EQ(json_of(run)["claims"][0]["readings"][0]["recorded"], nullptr);
}

TEST(Json_view, is_json_even_where_numbers_are_not_finite) {
  RunReport run = passing_run();
  run.seconds = std::numeric_limits<double>::infinity();
  run.claims[0].readings[0].evidence[1].error_probability = std::numeric_limits<double>::quiet_NaN();
  const ordered_json json = json_of(run);
  EXPECT_EQ(json["run"]["seconds"], nullptr);
  const ordered_json& evidence = json["claims"][0]["readings"][0]["evidence"];
  EXPECT_EQ(evidence[1]["error_probability"], nullptr);
  EXPECT_EQ(evidence[0]["detail"]["worst"], "nan");
  EXPECT_EQ(evidence[0]["detail"]["largest"], "inf");
}

TEST(Json_view, is_json_even_where_a_text_is_not_utf8) {
  RunReport run = passing_run();
  run.claims[0].readings[0].trouble = "bad \xFF byte, \"quote\"\n";
  EXPECT_EQ(json_of(run)["claims"][0]["readings"][0]["trouble"], "bad \uFFFD byte, \"quote\"\n");
}

// ---- JUnit -------------------------------------------------------------------------------------------------------

TEST(Junit_view, has_a_testcase_per_reading_and_mutant) {
  const std::string xml = junit_view(passing_run());
  EXPECT_THAT(xml, HasSubstr(R"(tests="3" failures="0" errors="0" skipped="0")"));
  EXPECT_THAT(xml, HasSubstr(R"(<testcase classname="bn_sum" name="printed" time="0.500"/>)"));
  EXPECT_THAT(xml, HasSubstr(R"(name="mutant forgets_eps")"));
}

TEST(Junit_view, fails_a_reading_that_differs_and_says_how_to_decide_it_again) {
  RunReport run = passing_run();
  run.claims[0].readings[0].recorded = "refuted";
  const std::string xml = junit_view(run);
  EXPECT_THAT(xml, HasSubstr(R"(failures="1")"));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"holds; differs: the record says refuted (at standard)\">"));
  EXPECT_THAT(xml, HasSubstr("normproof verify bn_sum --seed 18446744073709551615 --effort standard"));
}

TEST(Junit_view, fails_a_reading_without_a_record) {
  RunReport run = passing_run();
  run.claims[0].readings[0].recorded = "";
  EXPECT_THAT(junit_view(run), HasSubstr(R"(<failure message="holds; no record in the ledger">)"));
}

TEST(Junit_view, fails_a_mutant_that_survives) {
  RunReport run = passing_run();
  run.claims[0].mutants[0].refuted = false;
  EXPECT_THAT(junit_view(run), HasSubstr(R"(<failure message="survived)"));
}

TEST(Junit_view, skips_what_is_inconclusive_as_recorded_with_the_reason) {
  RunReport run = passing_run();
  ReadingReport& reading = run.claims[0].readings[0];
  reading.verdict = Verdict::inconclusive;
  reading.recorded = "inconclusive";
  reading.trouble = "the bound is too wide";
  const std::string xml = junit_view(run);
  EXPECT_THAT(xml, HasSubstr(R"(failures="0" errors="0" skipped="1")"));
  EXPECT_THAT(xml, HasSubstr(R"(<skipped message="inconclusive: the bound is too wide"/>)"));
}

TEST(Junit_view, escapes_what_xml_forbids) {
  RunReport run = passing_run();
  run.claims[0].readings[0].recorded = "";
  run.claims[0].readings[0].statement = "a < b & \"c\"\x01\xFF";
  const std::string xml = junit_view(run);
  EXPECT_THAT(xml, HasSubstr("a &lt; b &amp; &quot;c&quot;\uFFFD\uFFFD"));
  EXPECT_THAT(xml, Not(HasSubstr("\x01")));
}

// ---- Markdown ----------------------------------------------------------------------------------------------------

TEST(Markdown_view, keeps_a_formula_inside_its_cell) {
  EXPECT_THAT(markdown_view(passing_run()), HasSubstr("| Σ x̂\\_i = 0 \\& \\|y\\| \\< 1 |"));
}

TEST(Markdown_view, shows_counterexample_and_survivor) {
  RunReport run = passing_run();
  run.claims[0].mutants[0].refuted = false;
  const std::string text = markdown_view(run);
  EXPECT_THAT(text, HasSubstr("left = 1/4, right = 0"));
  EXPECT_THAT(text, HasSubstr("| **no** |"));
}

// ---- Terminal ----------------------------------------------------------------------------------------------------

TEST(Terminal_view, shows_each_reading_with_verdict_grade_error_and_cases) {
  const std::string text = plain(passing_run());
  EXPECT_THAT(text, HasSubstr("bn_sum: 1 holds, 1 refuted; 1 of 1 mutants refuted"));
  EXPECT_THAT(text, HasSubstr("  holds         printed       Σ x̂_i = 0 & |y| < 1\n"));
  EXPECT_THAT(text, HasSubstr("reference = theory · exact, error ≤ 10^-19, 7 cases · searched, 300 cases"));
}

TEST(Terminal_view, shows_the_smallest_counterexample) {
  const std::string text = plain(passing_run());
  EXPECT_THAT(text, HasSubstr("batch 2, channels 1: x = -3/2, eps = 1;"));
  EXPECT_THAT(text, HasSubstr("left = 1/4"));
}

TEST(Terminal_view, fits_a_hundred_columns) {
  RunReport run = passing_run();
  run.rerun_options = "";
  for (ReadingReport& reading : run.claims[0].readings) {
    reading.recorded = "";
    for (int k = 0; k < 30; ++k) {
      reading.statement += " and much more";
      reading.trouble += " a long story";
      if (!reading.counterexamples.empty()) reading.counterexamples[0].inputs.push_back({"x[1,2]", "12345/67891"});
    }
  }
  for (const bool verbose : {false, true}) {
    std::istringstream lines(terminal_view(run, {.verbose = verbose}));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), 100) << line;
  }
}

TEST(Terminal_view, marks_what_differs_and_says_how_to_decide_it_again) {
  RunReport run = passing_run();
  EXPECT_THAT(plain(run), Not(HasSubstr("! ")));
  run.claims[0].readings[0].recorded = "refuted";
  const std::string text = plain(run);
  EXPECT_THAT(text, HasSubstr("! holds         printed"));
  EXPECT_THAT(text, HasSubstr("differs: the record says refuted (at standard)"));
  EXPECT_THAT(text, HasSubstr("1 differing, 0 without a record"));
  EXPECT_THAT(text, HasSubstr("\n  normproof verify bn_sum --seed 18446744073709551615 --effort standard "
                              "--data 'my data'\n"));
}

TEST(Terminal_view, counts_everything_in_its_last_lines) {
  const std::string text = terminal_view(passing_run(), {.place = "build/report"});
  EXPECT_THAT(text, HasSubstr("2 readings of 1 claim: 1 holds, 1 refuted\n1 of 1 mutants refuted\n"
                              "against the ledger: 0 differing, 0 without a record\n"
                              "errors added over all readings: false alarm ≤ 0.0e+00 (budget 1e-06), "
                              "false acceptance ≤ 0.0e+00\n"
                              "data: generated digits\n2.25 s · report: build/report\n"));
}

TEST(Terminal_view, has_escape_sequences_only_where_colour_is_wanted) {
  EXPECT_THAT(terminal_view(passing_run(), {.colour = true}), HasSubstr("\x1b[32mholds"));
  EXPECT_THAT(plain(passing_run()), Not(HasSubstr("\x1b")));
}

TEST(Terminal_view, when_quiet_leaves_out_claims_that_pass) {
  RunReport run = passing_run();
  EXPECT_THAT(terminal_view(run, {.quiet = true}), Not(HasSubstr("bn_sum:")));
  run.claims[0].readings[0].recorded = "";
  EXPECT_THAT(terminal_view(run, {.quiet = true}), HasSubstr("bn_sum:"));
}

TEST(Terminal_view, when_verbose_shows_hypotheses_methods_details_and_mutants) {
  const std::string text = terminal_view(passing_run(), {.verbose = true});
  for (const char* part : {"where ε = 0", "random prime fields", "degree 12", "mutant", "forgets_eps"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(Terminal_view, says_that_a_run_was_interrupted) {
  RunReport run = passing_run();
  run.complete = false;
  run.unfinished = {"bn_other"};
  EXPECT_THAT(plain(run), HasSubstr("interrupted: 1 claim was left undecided"));
}

TEST(Terminal_view, lets_no_text_write_control_characters) {
  RunReport run = passing_run();
  run.claims[0].readings[0].trouble = "\x1b]0;title\x07";
  run.claims[0].readings[0].statement = "\x1b[2J";
  EXPECT_THAT(plain(run), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace normproof::report
