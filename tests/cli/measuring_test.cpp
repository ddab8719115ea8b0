// Are measurements made once, kept, and found again by a run that goes on, and is the report always the same?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "proofs_checks/cli/in_parallel.hpp"
#include "proofs_checks/cli/measuring.hpp"
#include "proofs_checks/cli/options.hpp"
#include "tests/cli/reports.hpp"
#include "tests/cli/sample_claims.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;
using data::contents;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int claims = 3;
constexpr int points_of_a_claim = points_of_sample + 1;  // one is asked for while the claim is decided

struct Outcome {
  int status = 0;
  std::string out, err;
};

// The sample program, which notes down what it measures.
class Measured_run : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(run({"record", "--because", "test"}).status, 0); }

  Outcome run(std::vector<std::string> arguments) {
    made_.clear();
    arguments.insert(arguments.end(), {"--ledger", path("ledger.json")});
    std::ostringstream out;
    std::ostringstream err;
    const auto note = [this](const std::string& key) {
      const std::lock_guard lock(mutex_);
      made_.push_back(key);
      if (made_.size() == interrupt_at_) std::raise(SIGINT);
      if (key == fails_) throw std::runtime_error("it cannot be measured");
    };
    const int status =
        cli::run(arguments, sample_program(note, std::make_shared<OneProcess>()), {out, err, false, progress_});
    return {status, out.str(), err.str()};
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string report(const std::string& out) const { return report_without_times(fs::path(path(out)) / "report.json"); }
  fs::path journal(const std::string& out, int rank = 0) const {
    return fs::path(path(out)) / "journal" / ("rank-" + std::to_string(rank) + ".jsonl");
  }

  data::TemporaryFolder folder_;
  std::mutex mutex_;
  std::vector<std::string> made_;
  std::size_t interrupt_at_ = 0;  // 0: never
  std::string fails_;
  bool progress_ = false;
};

TEST_F(Measured_run, measures_each_point_once_and_reports_the_same_for_any_number_of_jobs) {
  std::set<std::string> reports;
  for (const char* jobs : {"1", "3", "64"}) {
    ASSERT_EQ(run({"verify", "--jobs", jobs, "--out", path("out")}).status, 0);
    EXPECT_EQ(made_.size(), std::size_t{claims * points_of_a_claim});
    EXPECT_EQ(std::set<std::string>(made_.begin(), made_.end()).size(), made_.size());
    reports.insert(report("out"));
  }
  EXPECT_EQ(reports.size(), 1U);
}

TEST_F(Measured_run, measures_the_most_expensive_first) {
  ASSERT_EQ(run({"verify", "mc_b", "--jobs", "1"}).status, 0);
  EXPECT_EQ(made_.front(), "mc_b/point=11/seed=0/standard");
  EXPECT_EQ(made_[points_of_sample - 1], "mc_b/point=0/seed=0/standard");
}

TEST_F(Measured_run, goes_on_where_an_interruption_ended_it) {
  ASSERT_EQ(run({"verify", "--out", path("whole")}).status, 0);
  interrupt_at_ = 10;
  const Outcome interrupted = run({"verify", "--jobs", "1", "--out", path("out")});
  EXPECT_EQ(interrupted.status, 130);
  EXPECT_THAT(interrupted.err, HasSubstr("--resume " + path("out") + " goes on"));
  const std::vector<std::string> before = made_;
  EXPECT_EQ(before.size(), 10U);  // of which the last threw

  interrupt_at_ = 0;
  const Outcome resumed = run({"verify", "--jobs", "2", "--resume", path("out")});
  EXPECT_EQ(resumed.status, 0);
  EXPECT_THAT(resumed.err, HasSubstr("9 measurements from " + path("out")));
  EXPECT_EQ(made_.size(), std::size_t{claims * points_of_a_claim - 9});
  EXPECT_EQ(report("out"), report("whole"));
  run({"verify", "--resume", path("out")});
  EXPECT_THAT(made_, IsEmpty());
  EXPECT_EQ(report("out"), report("whole"));
}

TEST_F(Measured_run, goes_on_after_a_line_that_was_cut_short) {
  ASSERT_EQ(run({"verify", "--out", path("out")}).status, 0);
  const std::string whole = report("out");
  fs::resize_file(journal("out"), fs::file_size(journal("out")) - 5);
  const Outcome resumed = run({"verify", "--resume", path("out")});
  EXPECT_EQ(resumed.status, 0);
  EXPECT_THAT(resumed.err, HasSubstr("38 measurements from " + path("out") + ", 1 line that was cut short ignored"));
  EXPECT_EQ(made_.size(), 1U);
  EXPECT_EQ(report("out"), whole);
  run({"verify", "--resume", path("out")});
  EXPECT_THAT(made_, IsEmpty());  // what was appended did not continue the cut line
}

TEST_F(Measured_run, stops_at_a_journal_that_was_changed) {
  ASSERT_EQ(run({"verify", "--out", path("out")}).status, 0);
  std::string text = contents(journal("out"));
  text[text.find("point=7")] = 'P';
  folder_.put("out/journal/rank-0.jsonl", text);
  const std::string report_before = contents(path("out") + "/report.json");
  const Outcome resumed = run({"verify", "--resume", path("out")});
  EXPECT_EQ(resumed.status, 2);
  EXPECT_THAT(resumed.err, HasSubstr("rank-0.jsonl:"));
  EXPECT_THAT(made_, IsEmpty());
  EXPECT_EQ(contents(journal("out")), text);
  EXPECT_EQ(contents(path("out") + "/report.json"), report_before);
}

TEST_F(Measured_run, starts_anew_without_resume_and_takes_old_journals_away) {
  ASSERT_EQ(run({"verify", "--out", path("out")}).status, 0);
  fs::copy_file(journal("out"), journal("out", 3));
  ASSERT_EQ(run({"verify", "mc_a", "--out", path("out")}).status, 0);
  EXPECT_EQ(made_.size(), std::size_t{points_of_a_claim});
  EXPECT_FALSE(fs::exists(journal("out", 3)));
  ASSERT_EQ(run({"verify", "--resume", path("out")}).status, 0);
  EXPECT_EQ(made_.size(), std::size_t{(claims - 1) * points_of_a_claim});
}

TEST_F(Measured_run, leaves_old_journals_where_the_call_is_wrong) {
  ASSERT_EQ(run({"verify", "--out", path("out")}).status, 0);
  const std::string before = contents(journal("out"));
  EXPECT_EQ(run({"verify", "--out", path("out"), "--json", path("ledger.json/x")}).status, 2);
  EXPECT_EQ(run({"verify", "--out", path("out"), "--resume", path("none")}).status, 2);
  EXPECT_EQ(run({"verify", "--resume", path("out"), "--seed", "9"}).status, 2);
  EXPECT_EQ(contents(journal("out")), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(path("out") + "/journal"), fs::directory_iterator()), 1);
}

TEST_F(Measured_run, carries_measurements_over_to_another_folder) {
  ASSERT_EQ(run({"verify", "mc_a", "mc_b", "--out", path("first")}).status, 0);
  const std::string before = contents(journal("first"));
  ASSERT_EQ(run({"verify", "--resume", path("first"), "--out", path("second")}).status, 0);
  EXPECT_EQ(made_.size(), std::size_t{points_of_a_claim});
  EXPECT_EQ(contents(journal("first")), before);
  ASSERT_EQ(run({"verify", "--resume", path("second")}).status, 0);
  EXPECT_THAT(made_, IsEmpty());
}

TEST_F(Measured_run, leaves_a_measurement_that_fails_to_its_claim) {
  fails_ = "mc_b/point=3/seed=0/standard";
  const Outcome outcome = run({"verify", "--out", path("out")});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("mc_b"));
  EXPECT_THAT(outcome.out, HasSubstr("it cannot be measured"));
}

TEST_F(Measured_run, keeps_no_journal_without_a_folder_for_it) {
  ASSERT_EQ(run({"verify", "--json", path("r.json")}).status, 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 2);
}

TEST_F(Measured_run, shows_progress_of_measurements_where_it_is_wanted_alone) {
  EXPECT_THAT(run({"verify"}).err, IsEmpty());
  progress_ = true;
  EXPECT_THAT(run({"verify"}).err, HasSubstr("36 of 36 measurements"));
  EXPECT_THAT(run({"verify", "--quiet"}).err, IsEmpty());
}

// One of several ranks, of which the others do nothing.
class OneOf : public Ranks {
 public:
  OneOf(int rank, int size) : rank_(rank), size_(size) {}
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int on_this_machine() const override { return size_; }
  int lowest_failing(bool failed) override { return failed ? rank_ : size_; }

 private:
  int rank_, size_;
};

TEST(Measuring_on_ranks, shares_every_task_out_once) {
  const data::TemporaryFolder folder;
  constexpr int ranks = 4;
  std::set<std::string> made;
  const std::atomic<bool> never{false};
  for (int rank = ranks - 1; rank >= 0; --rank) {
    OneOf others(rank, ranks);
    // Rank 0 begins by taking away what is there: here it comes last, so it goes on with what the others wrote.
    const auto resume = rank == 0 ? std::optional<fs::path>(folder.path()) : std::nullopt;
    Measuring measuring({"1", 0, "deep"}, folder.path(), resume, others);
    measuring.begin();
    std::vector<evidence::MeasurementTask> tasks;
    for (int k = 0; k < 10; ++k) {
      const std::string key = "point " + std::to_string(k);
      tasks.push_back({key,
                       [&made, key, k] {
                         EXPECT_TRUE(made.insert(key).second) << key;
                         return sample_numbers(k);
                       },
                       1.0 + k % 3});
    }
    tasks.push_back(tasks.front());
    if (rank != 0) measuring.measure(tasks, 1, never, [](std::size_t, std::size_t, double) {});
    // What the others did is known by now, and what rank 0 would have done is not.
    const std::string from = " from " + folder.path().string();
    EXPECT_EQ(measuring.resumed_words(), rank == 0 ? "7 measurements" + from : "");
  }
  EXPECT_EQ(made.size(), 7U);
}

TEST(Measuring_on_ranks, needs_a_place_to_meet) {
  OneOf others(1, 2);
  EXPECT_THROW(Measuring({"1", 0, "deep"}, std::nullopt, std::nullopt, others), UsageError);
}

TEST(In_parallel, does_every_piece_once) {
  std::vector<std::atomic<int>> done(100);
  std::size_t last = 0;
  in_parallel(
      done.size(), 7, nullptr, [&](std::size_t k) { ++done[k]; }, [&](std::size_t count) { last = count; });
  for (const std::atomic<int>& count : done) EXPECT_EQ(count.load(), 1);
  EXPECT_EQ(last, done.size());
}

TEST(In_parallel, throws_the_first_failure_once_all_have_ended) {
  std::atomic<int> begun{0};
  const auto work = [&](std::size_t k) {
    ++begun;
    if (k == 2) throw std::runtime_error("broken");
  };
  EXPECT_THROW(in_parallel(1000, 1, nullptr, work, [](std::size_t) {}), std::runtime_error);
  EXPECT_EQ(begun.load(), 3);
}

}  // namespace
}  // namespace normproof::cli
