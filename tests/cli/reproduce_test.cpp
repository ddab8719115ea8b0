// Does `normproof reproduce` measure, write and draw what an experiment of the test asks for?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/sample_claims.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;
using data::contents;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

struct Outcome {
  int status = 0;
  std::string out, err;
};

class Reproduce : public testing::Test {
 protected:
  Outcome run(const std::vector<std::string>& arguments) {
    made_ = 0;
    std::ostringstream out;
    std::ostringstream err;
    const auto count = [this](const std::string&) {
      if (++made_ == interrupt_at_) std::raise(SIGINT);
    };
    const Program program = sample_program(count, std::make_shared<OneProcess>());
    const int status = cli::run(arguments, program, {out, err, false, progress_});
    return {status, out.str(), err.str()};
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  void expect_wrong_call(const std::vector<std::string>& arguments, const std::string& what) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.status, 2) << what;
    EXPECT_THAT(outcome.err, HasSubstr(what));
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_EQ(made_.load(), 0);
    EXPECT_TRUE(fs::is_empty(folder_.path()));
  }

  data::TemporaryFolder folder_;
  std::atomic<int> made_{0};
  int interrupt_at_ = 0;  // 0: never
  bool progress_ = false;
};

TEST_F(Reproduce, shows_the_table_and_writes_the_data) {
  const Outcome outcome = run({"reproduce", "sample_curve", "--set", "gamma=0.5", "--set", "K=20", "--out", path("o")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("the curve\n  gamma     points\n  0.500000  12\n"));
  EXPECT_THAT(outcome.out, HasSubstr(path("o/curve.csv")));
  EXPECT_THAT(contents(path("o/curve.csv")), StartsWith("point,\"value, measured\"\n0,0.471405\n1,0.577350\n"));
  EXPECT_EQ(made_.load(), points_of_sample);
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(Reproduce, goes_on_where_an_interruption_ended_it) {
  interrupt_at_ = 4;
  const Outcome interrupted = run({"reproduce", "sample_curve", "--jobs", "1", "--out", path("o")});
  EXPECT_EQ(interrupted.status, 130);
  EXPECT_THAT(interrupted.err, HasSubstr("interrupted; --resume " + path("o") + " goes on"));
  EXPECT_FALSE(fs::exists(path("o/curve.csv")));
  interrupt_at_ = 0;
  EXPECT_EQ(run({"reproduce", "sample_curve", "--resume", path("o")}).status, 0);
  EXPECT_EQ(made_.load(), points_of_sample - 3);
  EXPECT_TRUE(fs::exists(path("o/curve.csv")));
}

TEST_F(Reproduce, shows_progress_where_it_is_wanted_alone) {
  progress_ = true;
  EXPECT_THAT(run({"reproduce", "sample_curve", "--out", path("o")}).err, HasSubstr("12 of 12 measurements"));
  EXPECT_THAT(run({"reproduce", "sample_curve", "--quiet", "--out", path("p")}).err, IsEmpty());
}

TEST_F(Reproduce, says_what_is_wrong_with_a_call) {
  const std::string out = path("o");
  expect_wrong_call({"reproduce", "sample_curv", "--out", out},
                    "no experiment is called sample_curv; the nearest is "
                    "sample_curve");
  expect_wrong_call({"reproduce", "sample_later", "--out", out}, "sample_later is not built yet");
  expect_wrong_call({"reproduce", "sample_later", "--set", "K=3"}, "sample_later has no parameter K");
  expect_wrong_call({"reproduce", "sample_curve", "--set", "gamma=0", "--out", out}, "expected a number in (0, 1]");
  expect_wrong_call({"reproduce", "sample_curve", "--set", "K=0", "--out", out}, "a whole number from 1 to 1000");
  expect_wrong_call({"reproduce", "sample_curve", "--set", "J=1", "--out", out}, "has no parameter J");
  expect_wrong_call({"reproduce", "sample_curve", "--resume", path("none")}, "found nothing");
  expect_wrong_call({"reproduce", "sample_curve", "--data", path("none"), "--out", out}, "none");
  expect_wrong_call({"reproduce", "sample_curve", "--effort", "fast", "--out", out}, "--effort fast");
  expect_wrong_call({"reproduce", "sample_curve", "--jobs", "0", "--out", out}, "--jobs 0");
  expect_wrong_call({"reproduce", "sample_curve", "--seed", "-1", "--out", out}, "--seed");
}

TEST_F(Reproduce, does_not_go_on_with_a_run_of_another_seed_or_effort) {
  ASSERT_EQ(run({"reproduce", "sample_curve", "--seed", "3", "--out", path("o")}).status, 0);
  const std::string before = contents(path("o/journal/rank-0.jsonl"));
  EXPECT_THAT(run({"reproduce", "sample_curve", "--resume", path("o")}).err, HasSubstr("found one of seed 3"));
  EXPECT_THAT(run({"reproduce", "sample_curve", "--seed", "3", "--effort", "deep", "--resume", path("o")}).err,
              HasSubstr("found one of effort standard"));
  EXPECT_EQ(contents(path("o/journal/rank-0.jsonl")), before);
}

TEST_F(Reproduce, is_listed_by_what_is_built) {
  const std::string text = run({"list", "--experiments"}).out;
  EXPECT_THAT(text,
              HasSubstr("sample_curve  built      (a test)\n  The curve is where it is.\n  --set gamma=…: where"));
  EXPECT_THAT(text, HasSubstr("sample_later  not built"));
  EXPECT_THAT(text, HasSubstr("2 experiments, 1 of them built"));
  const Json json = Json::parse(run({"list", "--experiments", "--json"}).out);
  EXPECT_EQ(json["schema"], "normproof.list.v1");
  EXPECT_EQ(json["experiments"][0]["built"], true);
  EXPECT_EQ(json["experiments"][0]["parameters"][1]["name"], "K");
  EXPECT_EQ(json["experiments"][1]["built"], false);
}

TEST(Experiments, have_ids_of_their_own_and_sources) {
  std::map<std::string, int> ids;
  for (const Experiment& experiment : experiments()) {
    EXPECT_EQ(++ids[experiment.id], 1) << experiment.id;
    EXPECT_FALSE(experiment.source.empty() || experiment.conclusion.empty()) << experiment.id;
  }
  EXPECT_TRUE(ids.count("theorem2_map") == 1 && ids.count("lemma1_rates") == 1);
}

}  // namespace
}  // namespace normproof::cli
