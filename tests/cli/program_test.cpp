// Does the built program answer a wrong call with one line, exit status 2 and nothing else?
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/cli/reports.hpp"
#include "tests/cli/started_program.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;
using data::contents;
using data::TemporaryFolder;

std::string program() {
#ifdef NORMPROOF_PROGRAM
  return NORMPROOF_PROGRAM;
#else
  const char* path = std::getenv("NORMPROOF_PROGRAM");
  return path == nullptr ? "" : path;
#endif
}

using Outcome = Answer;

// Runs the program in a folder of its own, which holds one ordinary file called a_file.
class Built_program : public testing::Test {
 protected:
  void SetUp() override {
    if (program().empty()) GTEST_SKIP() << "NORMPROOF_PROGRAM names no program";
    folder_.put("a_file", "not a folder\n");
  }

  Outcome run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program());
    return started_.run(std::move(arguments));
  }

  std::string in_folder(const std::string& name) const { return (folder_.path() / name).string(); }

  void expect_wrong_call(const std::vector<std::string>& arguments, const std::string& what) const {
    std::string line;
    for (const std::string& argument : arguments) line += " " + argument;
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.status, 2) << line;
    EXPECT_EQ(outcome.out, "") << line;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << line << ": " << outcome.err;
    EXPECT_NE(outcome.err.find(what), std::string::npos) << line << ": " << outcome.err;
    EXPECT_EQ(entries(), 1) << line << " left something behind";
  }

  std::string first_claim() const {
    const auto json = nlohmann::json::parse(run({"list", "--json"}).out);
    return json["claims"][0]["id"];
  }

  TemporaryFolder folder_;

 private:
  long entries() const {
    return std::distance(fs::recursive_directory_iterator(folder_.path()), fs::recursive_directory_iterator());
  }

  StartedProgram started_;
};

TEST_F(Built_program, wants_a_verb_that_it_has) {
  expect_wrong_call({}, "expected a verb");
  expect_wrong_call({"prove"}, "found prove");
  expect_wrong_call({"--nonsense"}, "found --nonsense");
}

TEST_F(Built_program, says_which_experiments_are_not_built_yet) {
  expect_wrong_call({"reproduce", "resnet18_cifar"}, "resnet18_cifar is not built yet");
}

TEST_F(Built_program, wants_certificates_to_recheck) {
  expect_wrong_call({"recheck"}, "expected certificates");
  expect_wrong_call({"recheck", in_folder("a_file")}, "not a JSON document");
}

TEST_F(Built_program, wants_an_experiment_that_there_is) {
  expect_wrong_call({"reproduce"}, "expected the id of an experiment, found none");
  expect_wrong_call({"reproduce", ""}, "expected the id of an experiment, found none");
  expect_wrong_call({"reproduce", "theorem_map"}, "no experiment is called theorem_map; the nearest is theorem2_map");
  expect_wrong_call({"reproduce", "theorem2_map", "lemma1_rates"}, "lemma1_rates");
  expect_wrong_call({"reproduce", "--nonsense", "theorem2_map"}, "--nonsense");
}

TEST_F(Built_program, wants_parameters_that_an_experiment_has) {
  const auto expect_wrong = [&](const std::string& set, const std::string& what) {
    expect_wrong_call({"reproduce", "theorem2_map", "--set", set, "--out", in_folder("out")}, what);
    expect_wrong_call({"reproduce", "--set", set, "lemma1_rates", "--out", in_folder("out")}, what);
  };
  for (const char* name : {"gamma", "a"}) {
    for (const char* value : {"0", "-0.5", "1.0001", "2", "nan", "inf", "x", "", "0.5x", "0x1p-1", " 0.5", "0,5"}) {
      const std::string set = std::string(name) + "=" + value;
      expect_wrong(set, "--set " + set + ": expected a number in (0, 1]");
    }
  }
  for (const char* value : {"0", "15", "1000000001", "-16", "1e6", "16.5", "", "99999999999999999999999"})
    expect_wrong(std::string("K=") + value, "expected a whole number from 16 to 100000000");
  expect_wrong("replicas=64", "has no parameter replicas");
  expect_wrong("gama=0.5", "has no parameter gama; the nearest is gamma");
  expect_wrong("k=100", "has no parameter k; the nearest is ");
  expect_wrong("gamma", "--set gamma: expected NAME=VALUE");
  expect_wrong("=0.5", "--set =0.5: expected NAME=VALUE");
  expect_wrong_call({"reproduce", "theorem2_map", "--set", "a=0.1", "--set", "a=0.2"}, "--set a: expected once");
  expect_wrong_call({"reproduce", "theorem2_map", "--set"}, "--set");
}

TEST_F(Built_program, wants_batches_and_widths_that_a_deep_network_can_have) {
  const auto expect_wrong = [&](const std::string& set, const std::string& what) {
    expect_wrong_call({"reproduce", "gradient_explosion", "--set", set, "--out", in_folder("out")}, what);
  };
  for (const char* value : {"3", "0", "-4", "65", "4.5", "", "x"})
    expect_wrong(std::string("batch=") + value, "expected a whole number from 4 to 64");
  for (const char* value : {"0", "63", "-512", "1e3"})
    expect_wrong(std::string("width=") + value, "expected a whole number from 64 to 4096");
  for (const char* value : {"0", "11", "1000"})
    expect_wrong(std::string("depth=") + value, "expected a whole number from 12 to 400");
  expect_wrong("widht=512", "has no parameter widht; the nearest is width");
  expect_wrong_call({"reproduce", "gradient_explosions"},
                    "no experiment is called gradient_explosions; the nearest is gradient_explosion");
}

TEST_F(Built_program, reproduces_the_factor_of_one_batch_size_and_goes_on_with_its_journal) {
  const std::vector<std::string> call = {"reproduce", "gradient_explosion", "--set",    "batch=8", "--set", "width=64",
                                         "--set",     "depth=20",           "--effort", "quick"};
  std::vector<std::string> first = call, again = call;
  first.insert(first.end(), {"--out", in_folder("first")});
  EXPECT_EQ(run(first).status, 0);
  const std::string csv = contents(folder_.path() / "first" / "gradient_explosion.csv");
  EXPECT_EQ(csv.substr(0, 13), "nonlinearity,") << csv;
  again.insert(again.end(), {"--resume", in_folder("first"), "--out", in_folder("again")});
  EXPECT_EQ(run(again).status, 0);
  EXPECT_EQ(contents(folder_.path() / "again" / "gradient_explosion.csv"), csv);
}

TEST_F(Built_program, reproduces_one_point_of_each_figure_and_goes_on_with_its_journal) {
  for (const std::string experiment : {"theorem2_map", "lemma1_rates"}) {
    const std::vector<std::string> call = {"reproduce", experiment, "--set", "gamma=0.8", "--set",
                                           "a=0.4",     "--set",    "K=256", "--effort",  "quick"};
    std::vector<std::string> first = call, again = call;
    first.insert(first.end(), {"--out", in_folder(experiment)});
    EXPECT_EQ(run(first).status, 0);
    const std::string csv = contents(folder_.path() / experiment / (experiment + ".csv"));
    EXPECT_EQ(csv.substr(0, 8), "problem,") << csv;
    again.insert(again.end(), {"--resume", in_folder(experiment), "--out", in_folder(experiment + "_again")});
    EXPECT_EQ(run(again).status, 0);
    EXPECT_EQ(contents(folder_.path() / (experiment + "_again") / (experiment + ".csv")), csv);
    again.insert(again.end(), {"--seed", "8"});
    const Outcome other_seed = run(again);
    EXPECT_EQ(other_seed.status, 2);
    EXPECT_NE(other_seed.err.find("seed"), std::string::npos) << other_seed.err;
  }
}

TEST_F(Built_program, reproduces_the_descent_on_one_halfspace_and_checks_its_rate) {
  const std::vector<std::string> call = {"reproduce", "gdnp_convergence",    "--set",    "steps=5",
                                         "--set",     "spectrum=1,0.25,0.5", "--effort", "quick",
                                         "--out",     in_folder("halfspace")};
  EXPECT_EQ(run(call).status, 0);
  const std::string csv = contents(folder_.path() / "halfspace" / "gdnp_convergence.csv");
  EXPECT_EQ(csv.substr(0, 15), "problem,method,") << csv;
  // Two problems, four methods, steps 0 … 5, and the heading.
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 2 * 4 * 6 + 1);
}

TEST_F(Built_program, wants_a_positive_definite_matrix) {
  for (const char* spectrum : {"1,0", "1,-1", "1", "1,,2", "1,x", "1,1e-13", ""})
    expect_wrong_call(
        {"reproduce", "gdnp_convergence", "--set", std::string("spectrum=") + spectrum, "--out", in_folder("out")},
        "S has to be positive definite");
}

TEST_F(Built_program, wants_images_whose_matrix_is_positive_definite) {
  // Two images span one direction of the ten.
  const TemporaryFolder mnist;
  const std::string pixels = std::string(16, '\1') + std::string(16, '\2');
  for (const char* set : {"train", "t10k"}) {
    mnist.put(set + std::string("-images-idx3-ubyte"), data::idx_images(2, 4, 4, pixels));
    mnist.put(set + std::string("-labels-idx1-ubyte"), data::idx_labels(2, std::string("\1\7")));
  }
  expect_wrong_call({"reproduce", "gdnp_convergence", "--effort", "quick", "--data", mnist.path().string(), "--out",
                     in_folder("out")},
                    "not positive definite");
}

TEST_F(Built_program, wants_a_journal_to_go_on_with) {
  const TemporaryFolder earlier;
  fs::create_directories(earlier.path() / "journal");
  const auto journal = [&](const std::string& version, const std::string& seed, const std::string& effort) {
    earlier.put("journal/rank-0.jsonl", "{\"schema\":\"normproof.journal.v1\",\"version\":\"" + version +
                                            "\",\"seed\":" + seed + ",\"effort\":\"" + effort + "\"}\n");
  };
  const std::string version = NORMPROOF_VERSION;
  const auto files = [&] {
    return std::distance(fs::recursive_directory_iterator(earlier.path()), fs::recursive_directory_iterator());
  };
  const auto expect_wrong = [&](const fs::path& resumed, const std::string& what) {
    const std::string before = contents(earlier.path() / "journal/rank-0.jsonl");
    const auto files_before = files();
    expect_wrong_call({"verify", "--resume", resumed.string()}, what);
    expect_wrong_call({"verify", "--resume", resumed.string(), "--out", in_folder("out")}, what);
    EXPECT_EQ(contents(earlier.path() / "journal/rank-0.jsonl"), before);
    EXPECT_EQ(files(), files_before);
  };
  expect_wrong(in_folder("none"), "expected a folder with the journal of an earlier run, found nothing");
  expect_wrong(in_folder("a_file"), "found a file");
  expect_wrong(folder_.path(), "found no journal in it");
  expect_wrong_call({"verify", "--resume", ""}, "--resume: expected a path");
  journal("0.0.0", "0", "standard");
  expect_wrong(earlier.path(), "expected a journal of version " + version + ", found one of version 0.0.0");
  journal(version, "7", "standard");
  expect_wrong(earlier.path(), "expected a journal of seed 0, found one of seed 7");
  journal(version, "0", "deep");
  expect_wrong(earlier.path(), "expected a journal of effort standard, found one of effort deep");
  earlier.put("journal/rank-0.jsonl", "not a journal\n");
  expect_wrong(earlier.path(), "rank-0.jsonl:1");
}

TEST_F(Built_program, goes_on_with_a_run_that_was_finished) {
  const std::string out = in_folder("out");
  const std::string claim = first_claim();
  const Outcome first = run({"verify", claim, "--effort", "quick", "--out", out});
  const std::string report = report_without_times(fs::path(out) / "report.json");
  const Outcome second = run({"verify", claim, "--effort", "quick", "--resume", out});
  EXPECT_EQ(second.status, first.status) << second.err;
  EXPECT_NE(second.err.find(" from " + out), std::string::npos) << second.err;
  EXPECT_EQ(report_without_times(fs::path(out) / "report.json"), report);
}

TEST_F(Built_program, writes_certificates_that_it_accepts_and_rejects_when_changed) {
  const std::string report = in_folder("report");
  ASSERT_EQ(run({"verify", "bn_affine_identity", "--effort", "quick", "--out", report}).status, 0);
  const auto json = nlohmann::json::parse(contents(report + "/report.json"));
  std::string file;
  for (const auto& reading : json["claims"][0]["readings"]) {
    EXPECT_EQ(reading["verdict"] == "refuted", reading["certificate"].is_string()) << reading["id"];
    if (reading["certificate"].is_string()) file = report + "/" + reading["certificate"].get<std::string>();
  }
  ASSERT_FALSE(file.empty());
  const Outcome accepted = run({"recheck", file});
  EXPECT_EQ(accepted.status, 0) << accepted.out << accepted.err;
  EXPECT_NE(accepted.out.find("1 of 1 accepted"), std::string::npos);

  auto certificate = nlohmann::ordered_json::parse(contents(file));
  certificate["left"]["value"] = "123/7";
  folder_.put("changed.json", certificate.dump());
  const Outcome rejected = run({"recheck", file, in_folder("changed.json")});
  EXPECT_EQ(rejected.status, 1);
  EXPECT_NE(rejected.out.find("recorded is 123/7"), std::string::npos) << rejected.out;

  certificate["left"]["value"] = "246/14";
  folder_.put("malformed.json", certificate.dump());
  const Outcome malformed = run({"recheck", in_folder("malformed.json")});
  EXPECT_EQ(malformed.status, 2);
  EXPECT_EQ(malformed.out, "");
  EXPECT_NE(malformed.err.find("lowest terms"), std::string::npos) << malformed.err;
  EXPECT_EQ(run({"recheck", in_folder("missing.json")}).status, 2);
}

TEST_F(Built_program, writes_a_proof_over_a_region_that_it_accepts_while_it_covers) {
  const std::string report = in_folder("report");
  ASSERT_EQ(run({"verify", "bn_improves_lipschitz_constant", "--effort", "quick", "--out", report}).status, 0);
  const std::string file = report + "/certificates/bn_improves_lipschitz_constant.global_bound.json";
  auto proof = nlohmann::ordered_json::parse(contents(file));
  ASSERT_EQ(proof["kind"], "region");
  const Outcome accepted = run({"recheck", file});
  EXPECT_EQ(accepted.status, 0) << accepted.out << accepted.err;

  auto without = proof;
  without["boxes"].erase(3);
  folder_.put("without.json", without.dump());
  const Outcome rejected = run({"recheck", in_folder("without.json")});
  EXPECT_EQ(rejected.status, 1);
  EXPECT_NE(rejected.out.find("do not cover"), std::string::npos) << rejected.out;

  proof["boxes"][3][1][0] = "1/3";
  folder_.put("malformed.json", proof.dump());
  const Outcome malformed = run({"recheck", in_folder("malformed.json")});
  EXPECT_EQ(malformed.status, 2);
  EXPECT_NE(malformed.err.find("power of two"), std::string::npos) << malformed.err;
}

TEST_F(Built_program, wants_a_glob_to_match_something) {
  expect_wrong_call({"verify", "nosuchclaim"}, "nosuchclaim");
  expect_wrong_call({"verify", "*", "nosuch*"}, "nosuch*");
  expect_wrong_call({"verify", "nosuchclaim", "--out", in_folder("out")}, "nosuchclaim");
  expect_wrong_call({"list", "nosuchclaim"}, "nosuchclaim");
  expect_wrong_call({"explain", "nosuchclaim"}, "nosuchclaim");
}

TEST_F(Built_program, wants_options_that_mean_something) {
  expect_wrong_call({"verify", "--effort", "fast"}, "--effort fast");
  expect_wrong_call({"verify", "--seed", "x"}, "--seed x");
  expect_wrong_call({"verify", "--seed", "-1"}, "--seed");
  expect_wrong_call({"verify", "--seed", "1.5"}, "--seed 1.5");
  expect_wrong_call({"verify", "--seed", "18446744073709551616"}, "18446744073709551615");
  expect_wrong_call({"verify", "--seed"}, "--seed");
  expect_wrong_call({"verify", "--seed", "1", "--seed", "2"}, "--seed");
  expect_wrong_call({"verify", "--jobs", "0"}, "--jobs 0");
  expect_wrong_call({"verify", "--jobs", ""}, "--jobs");
  expect_wrong_call({"verify", "--nonsense"}, "--nonsense");
  expect_wrong_call({"record"}, "--because");
}

TEST_F(Built_program, wants_places_that_can_be_written) {
  for (const char* option : {"--out", "--json", "--junit"}) {
    expect_wrong_call({"verify", "--effort", "quick", option, in_folder("a_file/report")}, "a_file");
  }
  // The first place is fine, the second is not: the first is left as it was too.
  expect_wrong_call({"verify", "--effort", "quick", "--out", in_folder("fine"), "--json", in_folder("a_file/x")},
                    "a_file");
}

TEST_F(Built_program, wants_data_that_are_there_and_whole) {
  const std::string out = in_folder("out");
  expect_wrong_call({"verify", "--data", in_folder("none"), "--out", out}, "none");
  expect_wrong_call({"verify", "--data", in_folder("a_file"), "--out", out}, "a_file");
  expect_wrong_call({"verify", "--input", in_folder("none.npy"), "--out", out}, "none.npy");
  expect_wrong_call({"verify", "--input", in_folder("a_file"), "--out", out}, "a_file");
  expect_wrong_call({"verify", "--input", "a", "--data", "b"}, "--input");

  const TemporaryFolder mnist;
  const std::string labels = data::idx_labels(2, std::string(2, '\1'));
  for (const char* set : {"train", "t10k"}) {
    mnist.put(set + std::string("-images-idx3-ubyte"), data::idx_images(2, 4, 4, std::string(31, '\0')));
    mnist.put(set + std::string("-labels-idx1-ubyte"), labels);
  }
  for (const char* effort : {"quick", "standard"}) {
    expect_wrong_call({"verify", "--effort", effort, "--data", mnist.path().string(), "--out", out},
                      "images-idx3-ubyte");
  }
}

TEST_F(Built_program, wants_ledgers_and_reports_that_are_some) {
  expect_wrong_call({"verify", "--ledger", in_folder("a_file")}, "a_file");
  expect_wrong_call({"verify", "--ledger", in_folder("none.json")}, "none.json");
  expect_wrong_call({"diff", in_folder("a_file"), in_folder("a_file")}, "a_file");
  expect_wrong_call({"diff", in_folder("a_file")}, "two reports");
}

TEST_F(Built_program, says_so_when_its_output_cannot_be_written) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const std::string command = "'" + program() + "' list --experiments > /dev/full 2> /dev/null";
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 2);
}

TEST_F(Built_program, lists_explains_and_shows_help) {
  const std::string claim = first_claim();
  EXPECT_EQ(run({"list"}).status, 0);
  EXPECT_NE(run({"explain", claim}).out.find(claim), std::string::npos);
  EXPECT_EQ(run({"--help"}).status, 0);
  EXPECT_EQ(run({"--version"}).status, 0);
}

TEST_F(Built_program, decides_a_claim_and_leaves_a_whole_report) {
  const std::string out = in_folder("out");
  const Outcome outcome = run({"verify", first_claim(), "--effort", "quick", "--out", out});
  EXPECT_TRUE(outcome.status == 0 || outcome.status == 1) << outcome.err;
  const auto json = nlohmann::json::parse(contents(fs::path(out) / "report.json"));
  EXPECT_EQ(json["schema"], "normproof.report.v1");
  EXPECT_EQ(json["run"]["complete"], true);
  EXPECT_EQ(json["claims"].size(), 1U);
  EXPECT_EQ(outcome.err, "");
}

}  // namespace
}  // namespace normproof::cli
