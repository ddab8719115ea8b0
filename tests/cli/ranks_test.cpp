// Do several ranks give the report that one gives, and can a run go on when one of them died?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "proofs_checks/cli/ranks.hpp"
#include "tests/cli/reports.hpp"
#include "tests/cli/started_program.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;
using data::contents;
using testing::HasSubstr;
using testing::IsEmpty;

class Sample_program : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(one_process({"record", "--ledger", ledger_, "--because", "test"}).status, 0); }

  Answer one_process(std::vector<std::string> arguments,
                     const std::vector<std::string>& further_environment = {}) const {
    arguments.insert(arguments.begin(), NORMPROOF_SAMPLE_PROGRAM);
    return started_.run(arguments, further_environment);
  }

  std::vector<std::string> verify(const std::string& out, std::vector<std::string> further = {}) const {
    further.insert(further.begin(), {"verify", "--seed", "5", "--ledger", ledger_, "--out", out});
    return further;
  }

  std::string in_folder(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string report(const std::string& out) const { return report_without_times(fs::path(out) / "report.json"); }

  data::TemporaryFolder folder_;
  StartedProgram started_;
  std::string ledger_ = in_folder("ledger.json");
};

// mpirun adds lines of its own to err where a rank ends badly.
class Ranks_of_mpirun : public Sample_program {
 protected:
  void SetUp() override {
    if (std::string(NORMPROOF_MPIEXEC).empty()) GTEST_SKIP() << "this build has no MPI";
    Sample_program::SetUp();
  }

  Answer on_ranks(int ranks, const std::vector<std::string>& arguments,
                  std::vector<std::string> further_environment = {}) const {
    std::vector<std::string> words = {NORMPROOF_MPIEXEC, "--oversubscribe", "-n", std::to_string(ranks),
                                      NORMPROOF_SAMPLE_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    // Open MPI asks whoever runs tests as root twice; what sanitizers find in it is not ours.
    for (const char* entry : {"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
                              "ASAN_OPTIONS=detect_leaks=0", "TSAN_OPTIONS=ignore_noninstrumented_modules=1"}) {
      further_environment.emplace_back(entry);
    }
    return started_.run(words, further_environment);
  }
};

TEST_F(Sample_program, goes_on_where_it_was_killed) {
  const std::string out = in_folder("out");
  ASSERT_EQ(one_process(verify(in_folder("alone"))).status, 0);
  EXPECT_EQ(one_process(verify(out, {"--jobs", "1"}), {"NORMPROOF_SAMPLE_DIES=0:20"}).status, -1);
  EXPECT_FALSE(fs::exists(fs::path(out) / "report.json"));
  const Answer answer = one_process({"verify", "--seed", "5", "--ledger", ledger_, "--resume", out});
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.err, HasSubstr("19 measurements from " + out));
  EXPECT_EQ(report(out), report(in_folder("alone")));
}

TEST_F(Ranks_of_mpirun, give_the_report_that_one_process_gives) {
  ASSERT_EQ(one_process(verify(in_folder("alone"), {"--jobs", "1"})).status, 0);
  const std::string alone = report(in_folder("alone"));
  EXPECT_THAT(alone, HasSubstr("mc_c/point=12/seed=5"));
  for (const int ranks : {1, 2, 3}) {
    const std::string out = in_folder(std::to_string(ranks) + "_ranks");
    const Answer answer = on_ranks(ranks, verify(out, {"--jobs", ranks == 2 ? "2" : "1"}));
    EXPECT_EQ(answer.status, 0) << answer.err;
    EXPECT_THAT(answer.err, IsEmpty());
    EXPECT_EQ(answer.out.find("3 readings of 3 claims"), answer.out.rfind("3 readings of 3 claims"));
    EXPECT_EQ(report(out), alone) << ranks << " ranks";
    for (int rank = 0; rank < 4; ++rank) {
      const fs::path journal = fs::path(out) / "journal" / ("rank-" + std::to_string(rank) + ".jsonl");
      EXPECT_EQ(fs::exists(journal), rank < ranks) << journal;
    }
  }
}

TEST_F(Ranks_of_mpirun, leave_a_folder_that_another_run_goes_on_with_when_one_dies) {
  const std::string out = in_folder("out");
  const std::vector<std::string> call = verify(out, {"--jobs", "1"});
  ASSERT_EQ(one_process(verify(in_folder("alone"))).status, 0);
  const Answer broken = on_ranks(3, call, {"NORMPROOF_SAMPLE_DIES=1:5"});
  EXPECT_NE(broken.status, 0);
  EXPECT_FALSE(fs::exists(fs::path(out) / "report.json"));
  const std::string journal = contents(fs::path(out) / "journal" / "rank-1.jsonl");
  EXPECT_EQ(std::count(journal.begin(), journal.end(), '\n'), 5) << "a header and four measurements";

  const std::vector<std::string> resumed = {"verify", "--seed", "5", "--ledger", ledger_, "--resume", out};
  const Answer answer = on_ranks(2, resumed);
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.err, HasSubstr("measurements from " + out));
  EXPECT_EQ(report(out), report(in_folder("alone")));
  // Three reports, certificates and journal: what was begun by the rank that was killed is gone.
  EXPECT_EQ(std::distance(fs::directory_iterator(out), fs::directory_iterator()), 5);
}

TEST_F(Ranks_of_mpirun, say_once_that_a_call_is_wrong) {
  const auto expect_wrong = [&](const std::vector<std::string>& arguments, const std::string& what) {
    const Answer answer = on_ranks(3, arguments);
    EXPECT_EQ(answer.status, 2) << what;
    EXPECT_THAT(answer.out, IsEmpty());
    const std::size_t first = answer.err.find("normproof verify: ");
    const std::size_t other = answer.err.find("normproof list: ");
    EXPECT_NE(std::min(first, other), std::string::npos) << answer.err;
    EXPECT_THAT(answer.err, HasSubstr(what));
    EXPECT_EQ(answer.err.find(what), answer.err.rfind(what)) << answer.err;
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
  };
  expect_wrong({"verify"}, "3 ranks: expected --out or --resume");
  expect_wrong({"verify", "nosuchclaim", "--out", in_folder("out")}, "no claim matches nosuchclaim");
  expect_wrong({"verify", "--jobs", "0", "--out", in_folder("out")}, "--jobs 0");
  expect_wrong({"verify", "--resume", in_folder("none")}, "a folder with the journal of an earlier run, found nothing");
  expect_wrong({"verify", "--out", in_folder("ledger.json/x")}, "ledger.json");
  expect_wrong({"verify", "--out", in_folder("out"), "--json", in_folder("ledger.json/x")}, "ledger.json");
  expect_wrong({"list"}, "expected one process, found 3 ranks");
}

// Ranks whose others are said to have failed.
class SecondOfThree : public Ranks {
 public:
  explicit SecondOfThree(int other) : other_(other) {}
  int rank() const override { return 1; }
  int size() const override { return 3; }
  int on_this_machine() const override { return 3; }
  int lowest_failing(bool failed) override { return failed ? std::min(1, other_) : other_; }

 private:
  int other_;
};

TEST(Ranks_together, leave_together_and_the_lowest_that_failed_says_why) {
  const auto fails = [] { throw std::runtime_error("the disk is full"); };
  const auto works = [] {};
  EXPECT_NO_THROW(SecondOfThree(3).together(works));
  EXPECT_THROW(SecondOfThree(2).together(works), FailedElsewhere);
  EXPECT_THROW(SecondOfThree(0).together(fails), FailedElsewhere);
  try {
    SecondOfThree(2).together(fails);
    FAIL() << "no exception";
  } catch (const FailedHere& error) {
    EXPECT_STREQ(error.what(), "rank 1: the disk is full");
  }
  EXPECT_THROW(OneProcess().together(fails), std::runtime_error);
}

}  // namespace
}  // namespace normproof::cli
