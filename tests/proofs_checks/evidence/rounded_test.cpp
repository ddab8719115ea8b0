// Are bounds of rounding errors held, refuted and left open as the tallies say, and are near-misses told from claims?
#include "proofs_checks/evidence/rounded.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "proofs_checks/evidence/decide.hpp"
#include "proofs_checks/growth.hpp"
#include "proofs_checks/rounding/error_tally.hpp"

namespace normproof::evidence {
namespace {

using testing::HasSubstr;

struct Result {
  double error, bound;
};

RoundingTally tally_of(const std::vector<Result>& results) {
  rounding::ErrorTally tally;
  for (const Result& result : results) tally.add(result.error, result.bound);
  return tally.tally();
}

// Output 0 has no results at all; output 1 has these.
RoundingPoint point(std::string id, const std::vector<Result>& results) {
  return {.id = std::move(id), .measure = [=](const RoundingRun&) {
            return std::vector<RoundingTally>{{}, tally_of(results)};
          }};
}

Reading reading_of(std::vector<RoundingPoint> points, double median_slack_max = 0) {
  return {.id = "printed",
          .statement = "the error is within its bound",
          .hypotheses = {{.id = "nearest", .sentence = "round to nearest"}},
          .rounding = {.quantity = "|y^ − y|",
                       .bound = "B",
                       .output = 1,
                       .points = [=](Effort) { return points; },
                       .median_slack_max = median_slack_max}};
}

RoundingOutcome decided(const std::vector<RoundingPoint>& points, double median_slack_max = 0) {
  return decide_rounding(reading_of(points, median_slack_max), {});
}

template <class T>
T detail(const Evidence& evidence, const char* name) {
  for (const Detail& each : evidence.details)
    if (each.first == name) return std::get<T>(each.second);
  ADD_FAILURE() << "no detail is called " << name;
  return {};
}

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Rounded, holds_where_every_error_is_within_its_bound) {
  const RoundingOutcome outcome = decided({point("a", {{1, 4}, {0, 1}, {2, 2}}), point("b", {{0.5, 1}})});
  EXPECT_EQ(outcome.verdict, Verdict::holds) << outcome.trouble;
  ASSERT_EQ(outcome.evidence.size(), 1U);
  EXPECT_EQ(outcome.evidence[0].grade, Grade::derived_bound);
  EXPECT_TRUE(outcome.evidence[0].supports);
  EXPECT_EQ(outcome.evidence[0].cases, 4);
  EXPECT_EQ(detail<double>(outcome.evidence[0], "bound_used_max"), 1);
  EXPECT_EQ(detail<std::string>(outcome.evidence[0], "worst_point"), "a");
}

TEST(Rounded, is_refuted_by_one_planted_violation_and_says_where) {
  const RoundingOutcome outcome =
      decided({point("a", {{1, 4}}), point("b", {{1, 4}, {3, 2}, {1, 4}}), point("c", {{9, 3}})});
  EXPECT_EQ(outcome.verdict, Verdict::refuted);
  EXPECT_FALSE(outcome.evidence.at(0).supports);
  EXPECT_THAT(outcome.trouble, HasSubstr("refuted at a point of doubles: |y^ − y| is 3 against 2 at b, result 1"));
  EXPECT_THAT(outcome.trouble, HasSubstr("violated at 2 of 3 points, most at 9 against 3 at c"));
}

TEST(Rounded, takes_what_is_not_a_number_for_a_violation) {
  EXPECT_EQ(decided({point("a", {{nan, 4}})}).verdict, Verdict::refuted);
  EXPECT_EQ(decided({point("a", {{1, nan}})}).verdict, Verdict::refuted);
  EXPECT_EQ(decided({point("a", {{infinity, 4}})}).verdict, Verdict::refuted);
  EXPECT_EQ(decided({point("a", {{0.1, 0}})}).verdict, Verdict::refuted);
}

TEST(Rounded, does_not_hold_where_nothing_was_compared) {
  EXPECT_EQ(decided({}).verdict, Verdict::inconclusive);
  EXPECT_THAT(decided({}).trouble, HasSubstr("nothing was measured"));
  for (const std::vector<Result>& vacuous : std::vector<std::vector<Result>>{{}, {{0, 0}}, {{5, infinity}}}) {
    const RoundingOutcome outcome = decided({point("good", {{1, 2}}), point("vacuous", vacuous)});
    EXPECT_EQ(outcome.verdict, Verdict::inconclusive);
    EXPECT_THAT(outcome.trouble, HasSubstr("nothing was compared at vacuous"));
    EXPECT_FALSE(outcome.evidence.at(0).supports);
  }
}

TEST(Rounded, is_open_where_an_error_is_above_its_bound_by_last_bits) {
  EXPECT_EQ(decided({point("a", {{1 + 0x1p-45, 1}})}).verdict, Verdict::inconclusive);
  EXPECT_EQ(decided({point("a", {{1 + 0x1p-39, 1}})}).verdict, Verdict::refuted);
  EXPECT_EQ(decided({point("a", {{1, 1}})}).verdict, Verdict::holds);
}

TEST(Rounded, judges_tightness_by_the_median_of_each_point) {
  const std::vector<RoundingPoint> points = {point("tight", {{1, 1}, {1, 3}, {1, 1e9}}), point("loose", {{1, 40}})};
  EXPECT_EQ(decided(points, 50).verdict, Verdict::holds);
  const RoundingOutcome refuted = decided(points, 20);
  EXPECT_EQ(refuted.verdict, Verdict::refuted);
  EXPECT_THAT(refuted.trouble, HasSubstr("at loose, and above 20 at 1 of 2 points"));
  EXPECT_EQ(decided(points, 40).verdict, Verdict::inconclusive) << "40 lies in the median's bin";
  EXPECT_EQ(decided({point("broken", {{2, 1}})}, 50).verdict, Verdict::inconclusive) << "what is violated is not tight";
}

TEST(Rounded, grades_enumerated_points_by_themselves) {
  RoundingPoint all = point("all", {{1, 2}});
  all.enumerated = true;
  const RoundingOutcome outcome = decided({point("some", {{1, 2}}), all});
  EXPECT_EQ(outcome.verdict, Verdict::holds);
  ASSERT_EQ(outcome.evidence.size(), 2U);
  EXPECT_EQ(outcome.evidence[0].grade, Grade::enumerated);
  EXPECT_EQ(outcome.evidence[1].grade, Grade::derived_bound);
}

TEST(Rounded, refuses_a_reading_that_is_not_well_formed) {
  EXPECT_THROW(decided({point("twice", {{1, 2}}), point("twice", {{1, 2}})}), std::logic_error);
  EXPECT_THROW(decided({{.id = "unmeasured"}}), std::logic_error);
  Reading other_output = reading_of({point("a", {{1, 2}})});
  other_output.rounding.output = 2;
  EXPECT_THROW(decide_rounding(other_output, {}), std::logic_error);
}

TEST(Rounded, stops_when_it_is_interrupted) {
  const std::atomic<bool> interrupted = true;
  EXPECT_THROW(decide_rounding(reading_of({point("a", {{1, 2}})}), {.interrupted = &interrupted}), Interrupted);
}

// Remembers what was measured, and counts.
class Known : public Measurements {
 public:
  Measured of(const std::string& key, const std::function<Measured()>& measure) override {
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    ++made;
    return known_[key] = measure();
  }
  int made = 0;

 private:
  std::map<std::string, Measured> known_;
};

TEST(Rounded, measures_a_point_once_for_all_readings_and_in_any_order) {
  Claim claim;
  claim.readings = {reading_of({point("a", {{1, 4}}), point("b", {{1, 3}})}), reading_of({point("b", {{1, 3}})}, 50)};
  claim.readings[1].id = "tight";
  const auto known = std::make_shared<Known>();
  const Settings settings = {.measurements = known};
  std::vector<MeasurementTask> tasks = rounding_tasks(claim, settings);
  ASSERT_EQ(tasks.size(), 3U);
  for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) known->of(task->key, task->measure);
  EXPECT_EQ(known->made, 2);
  const ClaimReport with = decide("rounded_test", claim, settings), without = decide("rounded_test", claim, {});
  EXPECT_EQ(known->made, 2);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(with.readings.at(k).verdict, Verdict::holds);
    EXPECT_EQ(with.readings[k].evidence.at(0).details, without.readings.at(k).evidence.at(0).details);
    EXPECT_TRUE(with.readings[k].dropped.empty());
  }
}

TEST(Rounded, keeps_tallies_through_a_list_of_numbers_and_refuses_others) {
  const std::vector<RoundingTally> tallies = {tally_of({{1, 2}, {0, 0}, {3, 2}, {1, infinity}}), {}};
  EXPECT_EQ(tallies_of(flattened(tallies)), tallies);
  Measured cut = flattened(tallies), wrong = cut;
  cut.pop_back();
  EXPECT_THROW(tallies_of(cut), std::runtime_error);
  wrong[1] = 0.5;  // of results
  EXPECT_THROW(tallies_of(wrong), std::runtime_error);
  EXPECT_THROW(tallies_of({}), std::runtime_error);
}

MutantReport mutant(const std::vector<RoundingPoint>& points) {
  Claim claim;
  claim.readings = {reading_of({point("natural", {{1, 4}}), point("other", {{1, 4}})})};
  claim.mutants = {{.id = "near_miss",
                    .reading = "printed",
                    .words = "half the bound",
                    .agrees_when = {.id = "natural", .sentence = "a natural case"},
                    .points = [=](Effort) { return points; }}};
  return decide("rounded_test", claim, {}).mutants.at(0);
}
RoundingPoint natural(const std::vector<Result>& results) {
  RoundingPoint made = point("natural", results);
  made.natural = true;
  return made;
}

TEST(NearMiss, is_refuted_by_a_violation_and_agrees_by_equal_tallies) {
  const MutantReport good = mutant({natural({{1, 4}}), point("other", {{1, 0.5}})});
  EXPECT_TRUE(good.refuted);
  EXPECT_TRUE(good.agreed);
  EXPECT_EQ(good.cases, 2);
  EXPECT_FALSE(mutant({natural({{1, 4}}), point("other", {{1, 2}})}).refuted);
}

TEST(NearMiss, is_a_straw_man_where_its_natural_case_differs_or_there_is_none) {
  EXPECT_FALSE(mutant({natural({{1, 3}}), point("other", {{1, 0.5}})}).agreed);
  EXPECT_FALSE(mutant({point("natural", {{1, 4}}), point("other", {{1, 0.5}})}).agreed);
  RoundingPoint unknown = natural({{1, 4}});
  unknown.id = "unknown";
  EXPECT_FALSE(mutant({unknown, point("other", {{1, 0.5}})}).agreed);
}

TEST(NearMiss, without_points_is_reported) {
  Claim claim;
  claim.readings = {reading_of({point("a", {{1, 4}})})};
  claim.mutants = {{.id = "near_miss", .reading = "printed"}};
  const MutantReport report = decide("rounded_test", claim, {}).mutants.at(0);
  EXPECT_FALSE(report.refuted);
  EXPECT_THAT(report.trouble, HasSubstr("needs points"));
}

}  // namespace
}  // namespace normproof::evidence
