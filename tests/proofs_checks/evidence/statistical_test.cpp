// Does the test of a frequency refute, accept and abstain as its bounds say, and notice when it could not?
#include "proofs_checks/evidence/statistical.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>

#include "proofs_checks/evidence/decide.hpp"

namespace normproof::evidence {
namespace {

Reading coin(double probability, int numerator, int denominator, bool at_least = true) {
  return {.id = "printed",
          .statement = "P(heads) against a threshold",
          .frequency = {.event = "heads",
                        .happens = [=](inputs::RandomStream& stream) { return stream.uniform() < probability; },
                        .numerator = numerator,
                        .denominator = denominator,
                        .at_least = at_least}};
}

Verdict verdict(const Reading& reading, std::uint64_t seed = 0) {
  return test_frequency("statistical_test", reading, {.effort = Effort::quick, .seed = seed}).verdict;
}

double detail(const Evidence& evidence, const char* name) {
  for (const Detail& each : evidence.details)
    if (each.first == name) return std::get<double>(each.second);
  return -1;
}

TEST(Frequency, holds_where_the_event_is_certainly_more_frequent) {
  EXPECT_EQ(verdict(coin(0.7, 1, 2)), Verdict::holds);
  EXPECT_EQ(verdict(coin(1.0, 99, 100)), Verdict::inconclusive);  // 2000 heads in 2000: not enough for 99 in 100
  EXPECT_EQ(verdict(coin(1.0, 9, 10)), Verdict::holds);
}

TEST(Frequency, is_refuted_where_the_event_is_certainly_rarer) {
  EXPECT_EQ(verdict(coin(0.3, 1, 2)), Verdict::refuted);
  EXPECT_EQ(verdict(coin(0.0, 1, 2)), Verdict::refuted);
}

TEST(Frequency, turns_round_for_at_most) {
  EXPECT_EQ(verdict(coin(0.3, 1, 2, false)), Verdict::holds);
  EXPECT_EQ(verdict(coin(0.7, 1, 2, false)), Verdict::refuted);
}

TEST(Frequency, is_inconclusive_at_the_threshold_itself_whatever_the_seed) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) EXPECT_EQ(verdict(coin(0.5, 1, 2), seed), Verdict::inconclusive);
}

TEST(Frequency, is_refuted_at_the_stated_violation_and_says_how_large_that_is) {
  const Evidence evidence =
      test_frequency("statistical_test", coin(0.7, 1, 2), {.effort = Effort::quick, .seed = 0}).evidence;
  const double delta = detail(evidence, "delta");
  EXPECT_GT(delta, 0.05);
  EXPECT_LT(delta, 0.15);
  for (std::uint64_t seed = 0; seed < 20; ++seed) EXPECT_EQ(verdict(coin(0.5 - delta, 1, 2), seed), Verdict::refuted);
  EXPECT_LE(detail(evidence, "confidence_low"), 0.7);
  EXPECT_GE(detail(evidence, "confidence_high"), 0.7);
}

TEST(Frequency, spends_its_share_of_the_error_budget) {
  const Evidence evidence =
      test_frequency("statistical_test", coin(0.7, 1, 2), {.effort = Effort::quick, .seed = 0}).evidence;
  EXPECT_DOUBLE_EQ(evidence.error_probability, 2 * test_alpha);
}

TEST(Frequency, depends_on_the_seed_alone) {
  const Settings settings = {.effort = Effort::quick, .seed = 7};
  EXPECT_EQ(test_frequency("statistical_test", coin(0.6, 1, 2), settings).happened,
            test_frequency("statistical_test", coin(0.6, 1, 2), settings).happened);
}

TEST(Frequency, without_an_event_or_threshold_is_a_programmers_error) {
  EXPECT_THROW(verdict(coin(0.5, 0, 2)), std::logic_error);
  EXPECT_THROW(verdict(coin(0.5, 2, 2)), std::logic_error);
}

TEST(Frequency, is_decided_as_a_reading_without_sides) {
  Claim claim;
  claim.readings = {coin(0.7, 1, 2)};
  const ReadingReport report = decide("statistical_test", claim, {.effort = Effort::quick}).readings.at(0);
  EXPECT_EQ(report.verdict, Verdict::holds);
  EXPECT_EQ(report.relation, "≥");
  ASSERT_EQ(report.evidence.size(), 1U);
  EXPECT_EQ(report.evidence[0].grade, Grade::statistical);
}

}  // namespace
}  // namespace normproof::evidence
