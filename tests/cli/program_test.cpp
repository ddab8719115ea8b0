// Does the built program answer a wrong call with one line, exit status 2 and nothing else?
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

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

struct Outcome {
  int status = -1;  // -1: a signal ended it
  std::string out, err;
};

// Runs the program in a folder of its own, which holds one ordinary file called a_file.
class Built_program : public testing::Test {
 protected:
  void SetUp() override {
    if (program().empty()) GTEST_SKIP() << "NORMPROOF_PROGRAM names no program";
    folder_.put("a_file", "not a folder\n");
  }

  pid_t start(const std::vector<std::string>& arguments) const {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    constexpr mode_t mode = 0600;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, mode);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, mode);
    std::vector<std::string> words = {program()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_t child = 0;
    const int error = posix_spawn(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(error, 0) << "cannot start " << program();
    return error == 0 ? child : -1;
  }

  Outcome finish(pid_t child) const {
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return {};
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, contents(out_), contents(err_)};
  }

  Outcome run(const std::vector<std::string>& arguments) const { return finish(start(arguments)); }

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

  TemporaryFolder streams_;
  std::string out_ = (streams_.path() / "out").string();
  std::string err_ = (streams_.path() / "err").string();
};

TEST_F(Built_program, wants_a_verb_that_it_has) {
  expect_wrong_call({}, "expected a verb");
  expect_wrong_call({"prove"}, "found prove");
  expect_wrong_call({"--nonsense"}, "found --nonsense");
}

TEST_F(Built_program, says_which_verbs_are_not_built_yet) {
  for (const char* verb : {"validate", "kernels", "reproduce"}) {
    expect_wrong_call({verb}, std::string(verb) + " is not built yet");
  }
  expect_wrong_call({"recheck"}, "expected certificates");
  expect_wrong_call({"recheck", in_folder("a_file")}, "not a JSON document");
  expect_wrong_call({"verify", "--resume", in_folder("old")}, "--resume is not built yet");
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
