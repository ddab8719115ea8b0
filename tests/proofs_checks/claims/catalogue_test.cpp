// Is every claim of the catalogue well formed, and are its two witnesses two?
#include "proofs_checks/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/decide.hpp"

namespace normproof {
namespace {

bool starts_with(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

template <class Check>
void for_every_claim(Check check) {
  int claims = 0;
  for (const CatalogueEntry& entry : catalogue()) {
    SCOPED_TRACE(std::string(entry.id));
    check(std::string(entry.id), entry.make());
    ++claims;
  }
  EXPECT_GE(claims, 14);
}

TEST(Catalogue, names_every_claim_once) {
  std::set<std::string_view> ids;
  for (const CatalogueEntry& entry : catalogue()) EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
}

TEST(Catalogue, every_claim_says_what_where_and_why) {
  for_every_claim([](const std::string&, const Claim& claim) {
    EXPECT_FALSE(claim.title.empty());
    EXPECT_FALSE(claim.sources.empty());
    EXPECT_FALSE(claim.notation.empty());
    EXPECT_FALSE(claim.why.empty());
    EXPECT_FALSE(claim.explain.empty());
    // The seeds, then what the bounds of rounding errors come from, and what follows from any of them.
    const std::set<std::string> documents = {"LL19", "SAN18", "LI23",     "WIKI", "NOTE15",     "CGL83",
                                             "JR13", "HM19",  "HIGHAM02", "LR19", "consequence"};
    for (const Source& source : claim.sources) EXPECT_TRUE(documents.count(source.document)) << source.document;
  });
}

TEST(Catalogue, every_claim_has_a_printed_reading_and_no_id_twice) {
  for_every_claim([](const std::string&, const Claim& claim) {
    std::set<std::string> ids;
    bool printed = false;
    for (const Reading& reading : claim.readings) {
      EXPECT_TRUE(ids.insert(reading.id).second) << reading.id;
      printed = printed || starts_with(reading.id, "printed");
      EXPECT_FALSE(reading.statement.empty()) << reading.id;
      EXPECT_EQ(reading.sizes.empty(), !has_sides(reading)) << reading.id;
      std::set<std::string> hypotheses;
      for (const Hypothesis& hypothesis : reading.hypotheses) {
        EXPECT_TRUE(hypotheses.insert(hypothesis.id).second) << reading.id << ": " << hypothesis.id;
      }
    }
    EXPECT_TRUE(printed);
    std::set<std::string> mutants;
    for (const Mutant& mutant : claim.mutants) {
      EXPECT_TRUE(mutants.insert(mutant.id).second) << mutant.id;
      EXPECT_TRUE(ids.count(mutant.reading)) << mutant.id;
      EXPECT_FALSE(mutant.agrees_when.sentence.empty()) << mutant.id;
    }
    EXPECT_GE(claim.mutants.size(), 3U);
  });
}

TEST(Catalogue, two_sides_have_two_witnesses_or_are_labelled_an_identity) {
  for_every_claim([](const std::string&, const Claim& claim) {
    for (const Reading& reading : claim.readings) {
      if (!has_sides(reading)) continue;
      EXPECT_FALSE(reading.left.words.empty()) << reading.id;
      EXPECT_FALSE(reading.right.words.empty()) << reading.id;
      EXPECT_NE(reading.left.witness == reading.right.witness, !reading.algebraic_identity) << reading.id;
    }
  });
}

TEST(Catalogue, decided_quickly_every_reading_has_a_verdict_and_every_claim_two_grades) {
  for_every_claim([](const std::string& id, const Claim& claim) {
    const ClaimReport report = evidence::decide(id, claim, {.effort = evidence::Effort::quick, .seed = 1});
    ASSERT_EQ(report.readings.size(), claim.readings.size());
    std::set<Grade> grades;
    bool printed_holds = false, printed_open = false, repaired = false;
    for (std::size_t k = 0; k < report.readings.size(); ++k) {
      const ReadingReport& reading = report.readings[k];
      // Growth may show only along runs that are too long for quick effort; then nothing is said of it.
      EXPECT_TRUE(reading.verdict == Verdict::holds || reading.verdict == Verdict::refuted ||
                  (is_growth(claim.readings[k]) && reading.verdict == Verdict::inconclusive))
          << reading.id << ": " << reading.trouble;
      if (reading.verdict == Verdict::refuted) {
        // Where fractions with rational roots are rare, quick effort may find doubles alone.
        EXPECT_TRUE(!reading.certificate.empty() || starts_with(reading.trouble, "refuted at a point of doubles"))
            << reading.id;
      }
      for (const DroppedHypothesis& dropped : reading.dropped) {
        EXPECT_NE(dropped.outcome, "undecided") << reading.id << " without " << dropped.id << ": " << dropped.detail;
      }
      for (const Evidence& evidence : reading.evidence) {
        grades.insert(evidence.grade);
        if (evidence.supports) {
          EXPECT_GT(evidence.cases, 0) << reading.id << ": " << evidence.method;
        }
      }
      printed_holds = printed_holds || (starts_with(reading.id, "printed") && reading.verdict == Verdict::holds);
      printed_open = printed_open || (starts_with(reading.id, "printed") && reading.verdict == Verdict::inconclusive);
      repaired = repaired || reading.id == "repaired";
    }
    EXPECT_GE(grades.size(), 2U);
    // What is open here is decided at a higher effort, and held against the ledger there.
    if (!printed_open) {
      EXPECT_NE(printed_holds, repaired) << "a claim is repaired exactly when no printed reading holds";
    }
    ASSERT_EQ(report.mutants.size(), claim.mutants.size());
    for (const MutantReport& mutant : report.mutants) {
      EXPECT_TRUE(mutant.refuted) << mutant.id << ": " << mutant.trouble;
      EXPECT_TRUE(mutant.agreed) << mutant.id << ": " << mutant.trouble;
    }
  });
}

}  // namespace
}  // namespace normproof
