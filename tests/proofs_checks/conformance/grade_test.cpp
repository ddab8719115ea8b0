// Does the grade of a kernel follow from the results of its cases, and the verdict from the grade of nothing else?
#include "proofs_checks/conformance/grade.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "proofs_checks/conformance/check_results.hpp"

namespace normproof::conformance {
namespace {

using theory::StabilityClass;

std::string case_of(const std::string& check, normproof_dtype dtype = NORMPROOF_F32) {
  Case described = plain_case(NORMPROOF_BN_INFER, dtype, 2, 2, 2, 0);
  described.check = check;
  return text(described);
}

CaseResult passed(std::optional<StabilityClass> meets) {
  CaseResult result;
  result.outcome = CaseResult::Outcome::passed;
  OutputFigures y;
  y.output = "y";
  y.compared = 8;
  y.worst_over_bound = 0.5;
  y.meets = meets;
  result.outputs.push_back(y);
  return result;
}

CaseResult failed(Finding::Kind kind, std::optional<StabilityClass> meets) {
  CaseResult result = passed(meets);
  result.outcome = CaseResult::Outcome::failed;
  Finding finding;
  finding.kind = kind;
  finding.operand = "y";
  finding.meets = meets;
  result.findings.push_back(finding);
  return result;
}

CaseResult swept(double condition, bool keeps_half) {
  CaseResult result = passed(StabilityClass::two_pass);
  result.condition = condition;
  result.keeps_half_the_digits = keeps_half;
  return result;
}

TEST(Grade, is_the_loosest_class_that_any_output_needs) {
  Grading grading;
  grading.add(case_of("tails"), passed(StabilityClass::compensated));
  EXPECT_EQ(grading.grade().stability_class, StabilityClass::compensated);
  grading.add(case_of("tails"), passed(StabilityClass::updating_chain));
  grading.add(case_of("tails"), passed(StabilityClass::two_pass));
  EXPECT_EQ(grading.grade().stability_class, StabilityClass::updating_chain);
  EXPECT_EQ(summation(grading.grade()), "chain");
  grading.add(case_of("tails"), failed(Finding::Kind::value, std::nullopt));
  EXPECT_FALSE(grading.grade().stability_class);
  EXPECT_EQ(grade_words(grading.grade()), "no class holds");
}

TEST(Grade, of_nothing_is_none) {
  Grading grading;
  CaseResult refused;
  refused.outcome = CaseResult::Outcome::refused;
  grading.add(case_of("tails"), refused);
  CaseResult not_run;
  grading.add(case_of("tails"), not_run);
  EXPECT_FALSE(grading.grade().measured);
  EXPECT_FALSE(grading.grade().stability_class);
  EXPECT_EQ(grade_words(grading.grade()), "no number was compared");
}

TEST(Grade, where_the_state_is_in_f32_is_one_pass_at_best) {
  Grading grading;
  CaseResult in_f32 = passed(StabilityClass::correctly_rounded);
  in_f32.state_in_f32 = true;
  grading.add(case_of("tails"), in_f32);
  EXPECT_EQ(grading.grade().stability_class, StabilityClass::one_pass);
  grading.add(case_of("tails"), passed(StabilityClass::two_pass));
  EXPECT_EQ(grading.grade().stability_class, StabilityClass::two_pass);
  EXPECT_TRUE(grading.grade().state_in_f32);
}

TEST(Grade, keeps_half_the_digits_up_to_the_last_condition_before_the_first_loss) {
  Grading grading;
  const std::string sweep = case_of("condition_sweep");
  grading.add(sweep, swept(1e4, true));
  grading.add(sweep, swept(10, true));
  grading.add(sweep, swept(1e5, false));
  grading.add(sweep, swept(1e5, true));
  grading.add(sweep, swept(1e6, true));  // luck beyond the first loss counts for nothing
  grading.add(sweep, swept(std::numeric_limits<double>::infinity(), false));
  grading.add(case_of("tails"), swept(2, false));  // another check
  grading.add(case_of("condition_sweep", NORMPROOF_F64), swept(1e9, true));
  const auto reach = grading.grade().half_digits_up_to;
  ASSERT_EQ(reach.size(), 2U);
  EXPECT_EQ(reach[0], (std::pair{NORMPROOF_F32, 1e4}));
  EXPECT_EQ(reach[1], (std::pair{NORMPROOF_F64, 1e9}));
  EXPECT_EQ(grade_words(grading.grade()), "two_pass; half its digits up to κ = 1e+04 (f32), 1e+09 (f64)");
}

TEST(Grade, keeps_nothing_where_the_first_condition_is_lost) {
  Grading grading;
  grading.add(case_of("condition_sweep"), swept(1, false));
  grading.add(case_of("condition_sweep"), swept(1, true));
  EXPECT_EQ(grading.grade().half_digits_up_to.at(0).second, 0);
}

TEST(Grade, promises_the_same_bits_where_no_case_broke_them) {
  Grading grading;
  CaseResult same = passed(StabilityClass::two_pass);
  same.same_bits = {{"repeat", true}, {"threads", true}};
  CaseResult other = passed(StabilityClass::two_pass);
  other.same_bits = {{"threads", false}};
  grading.add(case_of("repeatability"), same);
  EXPECT_EQ(grading.grade().determinism.threads, true);
  grading.add(case_of("repeatability"), other);
  grading.add(case_of("repeatability"), same);
  const Determinism determinism = grading.grade().determinism;
  EXPECT_EQ(determinism.repeat, true);
  EXPECT_EQ(determinism.threads, false);
  EXPECT_FALSE(determinism.permute_channels);
  EXPECT_EQ(grade_words(grading.grade()), "two_pass; same bits on repeats; other bits on other thread counts");
}

// The verdict on one check with these results.
KernelReport concluded(const std::vector<CaseResult>& results, bool accept_one_pass, bool complete = true) {
  KernelReport kernel;
  kernel.checks.emplace_back();
  CheckReport& check = kernel.checks.back();
  check.cases = std::ssize(results);
  for (const CaseResult& result : results) add_result(check, case_of("tails"), result, accept_one_pass);
  conclude(kernel, accept_one_pass, complete);
  return kernel;
}

TEST(Verdict, conforms_where_nothing_is_found_and_something_was_compared) {
  EXPECT_EQ(concluded({passed(StabilityClass::two_pass)}, false).verdict, ConformanceVerdict::conforms);
}

TEST(Verdict, fails_for_one_finding) {
  const KernelReport kernel =
      concluded({passed(StabilityClass::two_pass), failed(Finding::Kind::bits, std::nullopt)}, false);
  EXPECT_EQ(kernel.verdict, ConformanceVerdict::fails);
  EXPECT_EQ(kernel.why, "1 of 2 cases in 1 check fail");
  EXPECT_TRUE(has_failures(kernel));
}

TEST(Verdict, is_inconclusive_where_nothing_was_compared_or_nearly_all_refused) {
  CaseResult refused;
  refused.outcome = CaseResult::Outcome::refused;
  EXPECT_EQ(concluded({}, false).verdict, ConformanceVerdict::inconclusive);
  EXPECT_EQ(concluded({refused, refused}, false).verdict, ConformanceVerdict::inconclusive);
  std::vector<CaseResult> nearly_all(99, refused);
  nearly_all.push_back(passed(StabilityClass::two_pass));
  EXPECT_EQ(concluded(nearly_all, false).verdict, ConformanceVerdict::inconclusive);
  EXPECT_EQ(concluded({refused, passed(StabilityClass::two_pass)}, false).verdict, ConformanceVerdict::conforms);
}

TEST(Verdict, is_inconclusive_after_an_interruption_unless_it_fails_already) {
  EXPECT_EQ(concluded({passed(StabilityClass::two_pass)}, false, false).verdict, ConformanceVerdict::inconclusive);
  EXPECT_EQ(concluded({failed(Finding::Kind::crash, {})}, false, false).verdict, ConformanceVerdict::fails);
}

TEST(AcceptingOnePass, lets_values_within_its_bounds_pass_and_nothing_else) {
  const auto verdict = [](const CaseResult& result, bool accept) { return concluded({result}, accept).verdict; };
  const CaseResult within = failed(Finding::Kind::value, StabilityClass::one_pass);
  EXPECT_EQ(verdict(within, false), ConformanceVerdict::fails);
  EXPECT_EQ(verdict(within, true), ConformanceVerdict::conforms);
  EXPECT_EQ(verdict(failed(Finding::Kind::relation, StabilityClass::one_pass), true), ConformanceVerdict::conforms);
  EXPECT_EQ(verdict(failed(Finding::Kind::value, std::nullopt), true), ConformanceVerdict::fails);
  EXPECT_EQ(verdict(failed(Finding::Kind::relation, std::nullopt), true), ConformanceVerdict::fails);
  // NaN where the bound of one_pass is +∞: the root of a variance that came out below 0.
  EXPECT_EQ(verdict(failed(Finding::Kind::nonfinite, StabilityClass::one_pass), true), ConformanceVerdict::conforms);
  EXPECT_EQ(verdict(failed(Finding::Kind::nonfinite, std::nullopt), true), ConformanceVerdict::fails);
  EXPECT_EQ(verdict(failed(Finding::Kind::bits, StabilityClass::one_pass), true), ConformanceVerdict::fails);
}

TEST(AcceptingOnePass, looks_at_every_element_and_not_at_the_listed_one_alone) {
  CaseResult result = failed(Finding::Kind::value, StabilityClass::one_pass);
  result.outputs[0].meets = std::nullopt;  // another element of y is beyond every class
  EXPECT_EQ(concluded({result}, true).verdict, ConformanceVerdict::fails);
}

TEST(AcceptingOnePass, keeps_a_finding_of_the_same_kind_that_is_beyond_it) {
  const KernelReport kernel = concluded(
      {failed(Finding::Kind::value, StabilityClass::one_pass), failed(Finding::Kind::value, std::nullopt)}, true);
  ASSERT_EQ(kernel.checks[0].findings.size(), 2U);
  EXPECT_TRUE(kernel.checks[0].findings[0].accepted);
  EXPECT_FALSE(kernel.checks[0].findings[1].accepted);
  EXPECT_EQ(kernel.checks[0].accepted, 1);
  EXPECT_EQ(kernel.checks[0].failed, 2);
}

TEST(WorstFigure, is_the_one_that_is_not_a_number_where_there_is_one) {
  CaseResult nan = failed(Finding::Kind::nonfinite, std::nullopt);
  nan.outputs[0].worst_over_bound = std::numeric_limits<double>::quiet_NaN();
  const KernelReport kernel =
      concluded({passed(StabilityClass::two_pass), nan, passed(StabilityClass::two_pass)}, false);
  ASSERT_TRUE(kernel.checks[0].worst);
  EXPECT_TRUE(std::isnan(kernel.checks[0].worst->worst_over_bound));
}

}  // namespace
}  // namespace normproof::conformance
