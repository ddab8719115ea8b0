// Is a test of a frequency decided again from its file alone, and is what was changed rejected?
#include "proofs_checks/certificates/frequency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proofs_checks/certificates/certificate.hpp"
#include "proofs_checks/evidence/decide.hpp"

namespace normproof::certificates {
namespace {

using testing::HasSubstr;

// What the engine makes of a coin that shows heads with this probability, against P(heads) ≥ 1/2.
std::string made(double probability, bool at_least = true) {
  Claim claim;
  claim.readings = {
      {.id = "printed",
       .statement = "P(heads) against 1/2",
       .frequency = {.event = "heads",
                     .happens = [=](inputs::RandomStream& random) { return random.uniform() < probability; },
                     .at_least = at_least}}};
  return evidence::decide("frequency_test", claim, {.effort = evidence::Effort::quick}).readings.at(0).certificate;
}

Recheck rechecked(const std::string& text) { return recheck(from_json(text)); }

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), instead);
}

std::string malformed(const std::string& text) {
  try {
    from_json(text);
  } catch (const Malformed& error) {
    return error.what();
  }
  return "";
}

TEST(Frequency_certificate, is_accepted_and_says_that_it_is_not_exact) {
  const Recheck holds = rechecked(made(0.7));
  EXPECT_TRUE(holds.accepted) << holds.reason;
  EXPECT_THAT(holds.reason, HasSubstr("not exact"));
  EXPECT_TRUE(rechecked(made(0.3)).accepted);
  EXPECT_TRUE(rechecked(made(0.3, false)).accepted);
  EXPECT_TRUE(rechecked(made(0)).accepted);
  EXPECT_TRUE(rechecked(made(1)).accepted);
}

TEST(Frequency_certificate, is_not_made_where_nothing_was_decided) { EXPECT_EQ(made(0.5), ""); }

TEST(Frequency_certificate, survives_writing_and_reading) {
  const std::string text = made(0.7);
  EXPECT_EQ(to_json(std::get<FrequencyTest>(from_json(text))), text);
}

TEST(Frequency_certificate, with_another_verdict_is_rejected) {
  const Recheck result = rechecked(with(made(0.7), "\"holds\"", "\"refuted\""));
  EXPECT_FALSE(result.accepted);
  EXPECT_THAT(result.reason, HasSubstr("the verdict is holds"));
}

TEST(Frequency_certificate, with_a_changed_replica_is_rejected) {
  std::string text = made(0.7);
  const std::size_t first = text.find("\"happened\": \"") + std::string("\"happened\": \"").size();
  text[first] = text[first] == '0' ? '1' : '0';
  EXPECT_FALSE(rechecked(text).accepted);
}

TEST(Frequency_certificate, with_a_changed_threshold_alpha_or_seed_is_rejected) {
  const std::string text = made(0.7);
  EXPECT_FALSE(rechecked(with(text, "\"denominator\": 2", "\"denominator\": 3")).accepted);
  EXPECT_FALSE(rechecked(with(text, "\"seed\": 0", "\"seed\": 1")).accepted);
  EXPECT_FALSE(rechecked(with(text, "\"alpha\": 5e-10", "\"alpha\": 5e-09")).accepted);
}

TEST(Frequency_certificate, that_is_none_is_malformed) {
  const std::string text = made(0.7);
  EXPECT_THAT(malformed(with(text, "\"denominator\": 2", "\"denominator\": 0")), HasSubstr("threshold"));
  EXPECT_THAT(malformed(with(text, "\"numerator\": 1", "\"numerator\": 2")), HasSubstr("threshold"));
  EXPECT_THAT(malformed(with(text, "\"replicas\": 2000", "\"replicas\": 1990")), HasSubstr("happened"));
  EXPECT_THAT(malformed(with(text, "\"happened\": \"", "\"happened\": \"x")), HasSubstr("happened"));
  EXPECT_THAT(malformed(with(text, "\"≥\"", "\"=\"")), HasSubstr("relation"));
}

TEST(Frequency_certificate, of_too_many_replicas_or_another_test_is_malformed) {
  const std::string text = made(0.7);
  EXPECT_THAT(malformed(with(text, "\"replicas\": 2000", "\"replicas\": 10000000")), HasSubstr("replicas"));
  EXPECT_THAT(malformed(with(text, "\"replicas\": 2000", "\"replicas\": 2000.5")), HasSubstr("replicas"));
  EXPECT_THAT(malformed(with(text, "\"seed\": 0", "\"seed\": -1")), HasSubstr("seed"));
  EXPECT_THAT(malformed(with(text, "binomial, one", "binomial, two")), HasSubstr("test"));
  EXPECT_THAT(malformed(with(text, "5e-10", "0.75")), HasSubstr("alpha"));
}

}  // namespace
}  // namespace normproof::certificates
