// Does the page of a claim say what was printed, what holds, what does not, why, and on which evidence?
#include "proofs_checks/report/explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "proofs_checks/report/text.hpp"
#include "tests/proofs_checks/report/sample_run.hpp"

namespace normproof::report {
namespace {

using testing::HasSubstr;

Claim sample_claim() {
  Claim claim;
  claim.title = "The sum of x̂ is 0";
  claim.sources = {{"LI23", "(44)"}};
  claim.notation = "s = √(σ² + ε)";
  claim.why = "Sum the definition.";
  claim.explain = "Centring leaves nothing.";
  claim.mutants = {{.id = "forgets_eps"}};
  return claim;
}

ClaimReport sample_report() {
  ClaimReport report = passing_run().claims[0];
  report.readings[0].why = "Each term cancels.";
  report.readings[0].dropped = {{.id = "eps_zero",
                                 .sentence = "ε = 0",
                                 .outcome = "fails",
                                 .detail = "",
                                 .counterexamples = report.readings[1].counterexamples}};
  return report;
}

TEST(Explanation, has_everything_a_reader_needs) {
  const std::string text = explanation(sample_claim(), sample_report(), "quick");
  for (const char* part :
       {"The sum of x̂ is 0", "LI23 (44)", "s = √(σ² + ε)", "Centring leaves nothing.", "where ε = 0",
        "Why: Each term cancels.", "exact, error ≤", "Smallest counterexample in fractions: batch 2, channels 1",
        "Without \"ε = 0\": fails, batch 2", "Sum the definition.", "forgets ε; agrees where ε = 0; refuted",
        "normproof verify bn_sum"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(Explanation, separates_what_holds_from_what_does_not) {
  const std::string text = explanation(sample_claim(), sample_report(), "quick");
  const std::size_t holds = text.find("\nWhat holds\n"), not_so = text.find("\nWhat does not hold\n");
  ASSERT_NE(holds, std::string::npos);
  ASSERT_NE(not_so, std::string::npos);
  EXPECT_LT(holds, text.find("\n  printed\n"));
  EXPECT_LT(text.find("\n  printed\n"), not_so);
  EXPECT_LT(not_so, text.find("\n  textbook\n"));
  EXPECT_EQ(text.find("Not decided"), std::string::npos);
}

TEST(Explanation, says_where_it_differs_from_the_record) {
  ClaimReport report = sample_report();
  report.readings[0].recorded = "refuted";
  EXPECT_THAT(explanation(sample_claim(), report, "quick"), HasSubstr("Record: differs: the record says refuted"));
}

TEST(Explanation, fits_a_hundred_columns) {
  std::istringstream lines(explanation(sample_claim(), sample_report(), "quick"));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), 100) << line;
}

}  // namespace
}  // namespace normproof::report
