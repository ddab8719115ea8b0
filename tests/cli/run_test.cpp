// Does the program do what its arguments say, with claims and judgements made for the test?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "proofs_checks/cli/decide_all.hpp"
#include "proofs_checks/cli/program.hpp"
#include "proofs_checks/cli/progress.hpp"
#include "proofs_checks/cli/selection.hpp"
#include "tests/cli/reports.hpp"
#include "tests/cli/sample_claims.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;
using data::contents;
using data::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Json = nlohmann::ordered_json;

// Every reading holds, exactly.
ClaimReport all_hold(const std::string& id, const Claim& claim, const evidence::Settings& settings) {
  ClaimReport report;
  report.id = id;
  report.title = claim.title;
  for (const Reading& reading : claim.readings) {
    ReadingReport decided;
    decided.id = reading.id;
    decided.statement = reading.statement;
    decided.verdict = Verdict::holds;
    Evidence exact;
    exact.grade = Grade::exact;
    exact.cases = static_cast<long>(settings.seed % 1000) + 1;
    decided.evidence = {exact};
    report.readings.push_back(decided);
  }
  return report;
}

struct Outcome {
  int status = 0;
  std::string out, err;
};

// The program with four claims, a ledger of its own and no report.
class Run : public testing::Test {
 protected:
  Outcome run(std::vector<std::string> arguments, bool with_ledger = true) const {
    if (with_ledger && !arguments.empty()) arguments.insert(arguments.end(), {"--ledger", ledger().string()});
    std::ostringstream out;
    std::ostringstream err;
    const int status = cli::run(arguments, program_, {out, err, false, progress_});
    return {status, out.str(), err.str()};
  }

  Outcome record() const { return run({"record", "--effort", "quick", "--because", "decided in a test"}); }

  fs::path ledger() const { return folder_.path() / "ledger.json"; }
  fs::path path(const std::string& name) const { return folder_.path() / name; }

  TemporaryFolder folder_;
  Program program_{{{"bn_a", sample_claim}, {"bn_b", sample_claim}, {"bn_c", sample_claim}, {"fn_d", sample_claim}},
                   all_hold};
  bool progress_ = false;
};

TEST_F(Run, verify_agrees_with_what_was_recorded) {
  EXPECT_EQ(record().status, 0);
  const Outcome outcome = run({"verify", "--effort", "quick"});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("4 readings of 4 claims: 4 hold"));
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(Run, verify_fails_without_a_record) {
  folder_.put("ledger.json", "{\"schema\": \"normproof.ledger.v1\", \"claims\": {}}");
  EXPECT_EQ(run({"verify", "--effort", "quick"}).status, 1);
}

TEST_F(Run, verify_fails_where_a_verdict_differs) {
  record();
  program_.decide = [](const std::string& id, const Claim& claim, const evidence::Settings& settings) {
    ClaimReport report = all_hold(id, claim, settings);
    if (id == "bn_b") report.readings[0].verdict = Verdict::refuted;
    return report;
  };
  const Outcome outcome = run({"verify", "--effort", "quick", "--seed", "5"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("  normproof verify bn_b --seed 5 --effort quick --ledger "));
  EXPECT_THAT(outcome.out, Not(HasSubstr("normproof verify bn_a")));
}

TEST_F(Run, verify_decides_the_others_where_one_claim_throws) {
  record();
  program_.decide = [](const std::string& id, const Claim& claim, const evidence::Settings& settings) {
    if (id == "bn_b") throw std::runtime_error("the engine\nbroke");
    return all_hold(id, claim, settings);
  };
  const Outcome outcome = run({"verify", "--effort", "quick", "--json", path("r.json").string()});
  EXPECT_EQ(outcome.status, 1);
  const Json json = Json::parse(contents(path("r.json")));
  EXPECT_EQ(json["claims"].size(), 4U);
  EXPECT_EQ(json["claims"][1]["readings"][0]["verdict"], "inconclusive");
  EXPECT_EQ(json["claims"][1]["readings"][0]["trouble"], "the engine\nbroke");
  EXPECT_EQ(json["claims"][2]["readings"][0]["verdict"], "holds");
}

TEST_F(Run, verify_reports_a_claim_that_cannot_even_be_made) {
  record();
  program_.catalogue[0].make = []() -> Claim { throw std::logic_error("no such input"); };
  const Outcome outcome = run({"verify", "--effort", "quick"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("not decided: no such input"));
}

TEST_F(Run, verify_fails_where_the_ledger_has_what_is_gone) {
  record();
  program_.catalogue.pop_back();
  const Outcome outcome = run({"verify", "--effort", "quick"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("fn_d has no reading printed any more"));
  EXPECT_EQ(run({"verify", "bn_*", "--effort", "quick"}).status, 0);  // fn_d was not asked for
}

TEST_F(Run, verify_decides_what_the_globs_choose_in_catalogue_order) {
  record();
  const Outcome outcome = run({"verify", "fn_*", "bn_a", "--effort", "quick", "--json", path("r.json").string()});
  EXPECT_EQ(outcome.status, 0);
  const Json json = Json::parse(contents(path("r.json")));
  ASSERT_EQ(json["claims"].size(), 2U);
  EXPECT_EQ(json["claims"][0]["id"], "bn_a");
  EXPECT_EQ(json["claims"][1]["id"], "fn_d");
}

TEST_F(Run, verify_writes_the_same_report_for_any_number_of_jobs) {
  record();
  std::vector<std::string> reports;
  for (const char* jobs : {"1", "3", "64"}) {
    run({"verify", "--effort", "quick", "--seed", "11", "--jobs", jobs, "--json", path("r.json").string()});
    Json json = Json::parse(contents(path("r.json")));
    strip_times(json);
    EXPECT_FALSE(json.contains("run"));
    reports.push_back(json.dump());
  }
  EXPECT_EQ(reports[0], reports[1]);
  EXPECT_EQ(reports[0], reports[2]);
}

TEST_F(Run, verify_passes_effort_seed_and_data_to_the_engines) {
  record();
  program_.decide = [](const std::string& id, const Claim& claim, const evidence::Settings& settings) {
    EXPECT_EQ(settings.effort, evidence::Effort::deep);
    EXPECT_EQ(settings.seed, 18446744073709551615U);
    EXPECT_TRUE(settings.data != nullptr && settings.data->batches.size() >= 200);
    return all_hold(id, claim, settings);
  };
  EXPECT_EQ(run({"verify", "--effort", "deep", "--seed", "18446744073709551615"}).status, 0);
}

TEST_F(Run, verify_fills_the_folder_that_out_names) {
  record();
  const fs::path out = path("deep/er");
  EXPECT_EQ(run({"verify", "--effort", "quick", "--out", out.string()}).status, 0);
  for (const char* name : {"report.json", "junit.xml", "report.md"}) EXPECT_GT(fs::file_size(out / name), 0U) << name;
  for (const char* name : {"certificates", "journal"}) EXPECT_TRUE(fs::is_directory(out / name)) << name;
  EXPECT_EQ(std::distance(fs::directory_iterator(out), fs::directory_iterator()), 5);
}

TEST_F(Run, verify_finds_an_unwritable_place_before_it_decides) {
  record();
  program_.decide = [](const std::string&, const Claim&, const evidence::Settings&) -> ClaimReport {
    ADD_FAILURE() << "decided";
    return {};
  };
  const std::string below_a_file = (ledger() / "report").string();
  for (const char* option : {"--out", "--json", "--junit"}) {
    const Outcome outcome = run({"verify", "--effort", "quick", option, below_a_file});
    EXPECT_EQ(outcome.status, 2) << option;
  }
}

TEST_F(Run, verify_reports_what_was_finished_when_it_is_interrupted) {
  record();
  program_.decide = [](const std::string& id, const Claim& claim, const evidence::Settings& settings) {
    if (id == "bn_b") std::raise(SIGINT);
    ClaimReport report = all_hold(id, claim, settings);
    if (settings.interrupted->load()) {
      report.readings.clear();
      report.finished = false;
    }
    return report;
  };
  const Outcome outcome = run({"verify", "--effort", "quick", "--jobs", "1", "--json", path("r.json").string()});
  EXPECT_EQ(outcome.status, 130);
  const Json json = Json::parse(contents(path("r.json")));
  EXPECT_EQ(json["run"]["complete"], false);
  EXPECT_EQ(json["run"]["unfinished"], (Json{"bn_b", "bn_c", "fn_d"}));
  ASSERT_EQ(json["claims"].size(), 1U);
  EXPECT_EQ(json["claims"][0]["id"], "bn_a");
}

TEST_F(Run, verify_shows_progress_where_it_is_wanted_alone) {
  record();
  EXPECT_THAT(run({"verify", "--effort", "quick"}).err, IsEmpty());
  progress_ = true;
  EXPECT_THAT(run({"verify", "--effort", "quick"}).err, HasSubstr("of 4 claims"));
  EXPECT_THAT(run({"verify", "--effort", "quick", "--quiet"}).err, IsEmpty());
}

TEST_F(Run, record_prints_the_difference_and_keeps_the_reason) {
  const Outcome outcome = record();
  EXPECT_THAT(outcome.out, HasSubstr("+ bn_a / printed: holds (quick)\n"));
  EXPECT_THAT(outcome.out, HasSubstr("4 changes written to"));
  EXPECT_THAT(contents(ledger()), HasSubstr("\"because\": \"decided in a test\""));
  EXPECT_THAT(record().out, HasSubstr("nothing changes"));
}

TEST_F(Run, record_touches_the_chosen_claims_alone) {
  record();
  program_.decide = [](const std::string& id, const Claim& claim, const evidence::Settings& settings) {
    ClaimReport report = all_hold(id, claim, settings);
    report.readings[0].verdict = Verdict::inconclusive;
    return report;
  };
  const Outcome outcome = run({"record", "bn_b", "--effort", "quick", "--because", "new"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out.find("~ bn_b / printed: holds (quick) → inconclusive (quick)\n"), 0U) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("1 change written"));
}

TEST_F(Run, record_leaves_the_ledger_alone_where_a_claim_throws) {
  record();
  const std::string before = contents(ledger());
  program_.decide = [](const std::string&, const Claim&, const evidence::Settings&) -> ClaimReport {
    throw std::runtime_error("broken");
  };
  EXPECT_EQ(run({"record", "--effort", "quick", "--because", "new"}).status, 1);
  EXPECT_EQ(contents(ledger()), before);
}

TEST_F(Run, list_shows_claims_and_their_records) {
  record();
  EXPECT_THAT(run({"list"}).out, HasSubstr("bn_a"));
  const Json json = Json::parse(run({"list", "fn_*", "--json"}).out);
  ASSERT_EQ(json["claims"].size(), 1U);
  EXPECT_EQ(json["claims"][0]["readings"][0]["recorded"], "holds");
}

TEST_F(Run, explain_shows_one_claim) {
  record();
  const Outcome outcome = run({"explain", "bn_a"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("A sentence"));
  EXPECT_THAT(outcome.out, HasSubstr("What holds"));
}

TEST_F(Run, explain_names_the_nearest_claim_where_there_is_none_of_the_name) {
  record();
  const Outcome outcome = run({"explain", "fn_dd"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the nearest is fn_d"));
}

TEST_F(Run, diff_compares_two_reports) {
  record();
  const std::string a = path("a.json").string();
  const std::string b = path("b.json").string();
  run({"verify", "--effort", "quick", "--json", a});
  run({"verify", "bn_*", "--effort", "quick", "--json", b});
  EXPECT_EQ(run({"diff", a, a}, false).status, 0);
  EXPECT_EQ(run({"diff", b, a}, false).status, 0);
  const Outcome outcome = run({"diff", a, b}, false);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("fn_d: claim removed"));
}

TEST_F(Run, help_is_no_error_and_names_every_verb) {
  const Outcome outcome = run({"--help"}, false);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("verify"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("__worker")));
  for (const char* verb :
       {"list", "explain", "verify", "record", "recheck", "diff", "validate", "kernels", "reproduce"}) {
    EXPECT_THAT(outcome.out, HasSubstr(std::string("\n  ") + verb + " "));
    const Outcome of_verb = run({verb, "--help"}, false);
    EXPECT_EQ(of_verb.status, 0) << verb;
    EXPECT_THAT(of_verb.out, HasSubstr(verb));
  }
  for (const char* verb : {"verify", "reproduce"}) EXPECT_THAT(run({verb, "--help"}, false).out, HasSubstr("--resume"));
  EXPECT_EQ(run({"--version"}, false).out.find("normproof "), 0U);
}

TEST(Selection, takes_each_name_once_and_keeps_their_order) {
  const std::vector<std::string> names = {"bn_a", "bn_b", "fn_c"};
  EXPECT_EQ(select({"fn_*", "bn_b", "*_b"}, names, "claim"), (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(select({}, names, "claim").size(), 3U);
}

TEST(Selection, nearest_needs_the_fewest_changes) {
  EXPECT_EQ(nearest("bn_afine_identity", {"bn_backward_chain", "bn_affine_identity"}), "bn_affine_identity");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(ProgressWords, give_the_time_left_once_it_can_be_known) {
  EXPECT_EQ(progress_words(0, 4, "claims", 0, 3.9), "0 of 4 claims · 3 s");
  EXPECT_EQ(progress_words(1, 4, "claims", 0.25, 10), "1 of 4 claims · 10 s · about 30 s left");
  EXPECT_EQ(progress_words(4, 4, "claims", 1, 40), "4 of 4 claims · 40 s");
}

TEST(ProgressWords, go_by_the_part_of_the_work_where_pieces_differ) {
  EXPECT_EQ(progress_words(12, 300, "measurements", 0.4, 40), "12 of 300 measurements · 40 s · about 60 s left");
}

}  // namespace
}  // namespace normproof::cli
