// Does list show what a claim says of itself and what the ledger has?
#include "proofs_checks/report/catalogue_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace normproof::report {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

NamedClaim sample_claim() {
  Claim claim;
  claim.title = "The sum of x̂ is 0";
  claim.sources = {{"LI23", "(44)"}};
  claim.notation = "s = √(σ² + ε)";
  claim.why = "Sum the definition.";
  claim.explain = "Centring leaves nothing.";
  Reading reading;
  reading.id = "printed_li23__matched";
  reading.statement = "Σ x̂_i = 0";
  reading.hypotheses = {{"eps_zero", "ε = 0", {}, {}}};
  reading.sizes = {{.batch = 3, .channels = 2}};
  reading.left.witness = Witness::reference;
  reading.left.words = "loop by loop";
  reading.right.witness = Witness::theory;
  reading.right.words = "closed form";
  claim.readings = {reading};
  Mutant mutant;
  mutant.id = "forgets_eps";
  mutant.reading = "printed_li23__matched";
  mutant.words = "forgets ε";
  mutant.agrees_when.sentence = "ε = 0";
  claim.mutants = {mutant};
  return {"bn_sum", claim};
}

Ledger sample_ledger() {
  Ledger ledger;
  ledger.claims["bn_sum"]["printed_li23__matched"] = {Verdict::holds, evidence::Effort::quick, "it was decided"};
  return ledger;
}

TEST(Axes, are_what_double_underscores_join) {
  EXPECT_EQ(axes("vjp__b__per_feature"), (std::vector<std::string>{"vjp", "b", "per_feature"}));
  EXPECT_EQ(axes("printed"), (std::vector<std::string>{"printed"}));
}

TEST(ListView, shows_source_reading_and_record) {
  const std::string text = list_view({sample_claim()}, sample_ledger());
  EXPECT_THAT(text, HasSubstr("bn_sum  (LI23 (44))\n  The sum of x̂ is 0\n"));
  EXPECT_THAT(text, HasSubstr("    holds         printed_li23__matched  Σ x̂_i = 0\n"));
  EXPECT_THAT(list_view({sample_claim()}, {}), HasSubstr("no record"));
}

TEST(ListJson, has_readings_with_axes_and_records) {
  const std::vector<NamedClaim> claims = {sample_claim()};
  const Json json = Json::parse(list_json(&claims, sample_ledger(), nullptr));
  EXPECT_EQ(json["schema"], "normproof.list.v1");
  const Json& reading = json["claims"][0]["readings"][0];
  EXPECT_EQ(reading["axes"], (Json{"printed_li23", "matched"}));
  EXPECT_EQ(reading["recorded"], "holds");
  EXPECT_FALSE(json.contains("experiments"));
  const Json unrecorded = Json::parse(list_json(&claims, {}, nullptr));
  EXPECT_EQ(unrecorded["claims"][0]["readings"][0]["recorded"], nullptr);
}

}  // namespace
}  // namespace normproof::report
