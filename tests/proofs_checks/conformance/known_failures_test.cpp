// Are known failures let pass, unknown ones not, and lists that are out of date or mistyped found out?
#include "proofs_checks/conformance/known_failures.hpp"

#include <gtest/gtest.h>

#include <string>

#include "impl/data/file_error.hpp"

namespace normproof::conformance {
namespace {

const std::filesystem::path file = "known";

std::string complaint(const std::string& text) {
  try {
    parse_known_failures(text, file);
  } catch (const data::FileError& error) {
    return error.what();
  }
  return "none";
}

ConformanceReport report_with(Finding::Kind kind) {
  ConformanceReport report;
  report.kernels.emplace_back();
  KernelReport& kernel = report.kernels.back();
  kernel.kernel.name = "batch_norm";
  kernel.verdict = ConformanceVerdict::fails;
  for (const char* id : {"tails", "layouts"}) {
    CheckReport check;
    check.id = id;
    check.cases = 3;
    kernel.checks.push_back(check);
  }
  FindingReport finding;
  finding.finding.kind = kind;
  finding.described.check = "tails";
  kernel.checks[0].findings.push_back(finding);
  kernel.checks[0].failed = 1;
  return report;
}

TEST(KnownFailures, are_read_from_lines_and_from_json) {
  const auto lines = parse_known_failures("# why\n\nbatch_norm tails value  # a remark\n* * crash\n", file);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].kernel, "batch_norm");
  EXPECT_EQ(lines[0].check, "tails");
  EXPECT_EQ(lines[0].kind, "value");
  EXPECT_EQ(lines[1].place, "line 4");
  const auto json = parse_known_failures(R"( [{"kernel": "k", "check": "c", "kind": "bits"}])", file);
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0].kind, "bits");
  EXPECT_TRUE(parse_known_failures("", file).empty());
}

TEST(KnownFailures, say_where_a_line_is_wrong) {
  EXPECT_NE(complaint("a b c\n").find("known: expected at line 1 a kind of finding (value, "), std::string::npos);
  EXPECT_EQ(complaint("\na b\n"), "known: expected at line 2 a kernel, a check and a kind, found a b");
  EXPECT_NE(complaint("a b value more").find("line 1"), std::string::npos);
  EXPECT_NE(complaint("[").find("syntax error at line 1"), std::string::npos);
  EXPECT_NE(complaint("{}").find("an array"), std::string::npos);
  EXPECT_NE(complaint(R"([{"kernel": "k", "check": "c"}])").find("\"kind\""), std::string::npos);
  EXPECT_NE(complaint(R"([{"kernel": "k", "check": "c", "kind": "value", "kernle": ""}])").find("alone"),
            std::string::npos);
}

TEST(KnownFailures, must_fit_a_kernel_and_a_check_that_there_are) {
  ListedKernel kernel;
  kernel.name = "batch_norm";
  const auto check = [&](const std::string& line) {
    check_known_failures(parse_known_failures(line, file), file, {kernel}, {"tails", "layouts"});
  };
  EXPECT_NO_THROW(check("batch_* * value"));
  EXPECT_THROW(check("bach_norm tails value"), data::FileError);
  EXPECT_THROW(check("batch_norm tail value"), data::FileError);
}

TEST(KnownFailures, let_the_run_pass_where_they_come) {
  ConformanceReport report = report_with(Finding::Kind::value);
  EXPECT_FALSE(passes(report));
  apply_known_failures(parse_known_failures("batch_norm tails value", file), report);
  EXPECT_TRUE(passes(report));
  EXPECT_TRUE(report.kernels[0].checks[0].findings[0].expected);
}

TEST(KnownFailures, of_another_kind_let_nothing_pass_and_are_unexpected_passes) {
  ConformanceReport report = report_with(Finding::Kind::crash);
  apply_known_failures(parse_known_failures("batch_norm tails value", file), report);
  EXPECT_FALSE(passes(report));
  ASSERT_EQ(report.unexpected_passes.size(), 1U);
  EXPECT_EQ(report.unexpected_passes[0].pattern, "batch_norm tails value");
  EXPECT_EQ(report.unexpected_passes[0].place, "line 1");
}

TEST(KnownFailures, of_checks_or_kernels_that_were_not_run_are_not_missed) {
  ConformanceReport report = report_with(Finding::Kind::value);
  report.kernels[0].checks[1].cases = 0;
  apply_known_failures(parse_known_failures("batch_norm * value\nbatch_norm layouts bits\nother tails value\n", file),
                       report);
  EXPECT_TRUE(report.unexpected_passes.empty());
  EXPECT_TRUE(passes(report));
}

TEST(KnownFailures, of_a_check_cover_its_earlier_failures) {
  ConformanceReport report = report_with(Finding::Kind::value);
  report.kernels[0].checks[0].id = "earlier_failures";
  apply_known_failures(parse_known_failures("batch_norm tails value", file), report);
  EXPECT_TRUE(passes(report));
}

TEST(KnownFailures, are_not_missed_in_an_interrupted_run) {
  ConformanceReport report = report_with(Finding::Kind::value);
  report.complete = false;
  apply_known_failures(parse_known_failures("batch_norm layouts value", file), report);
  EXPECT_TRUE(report.unexpected_passes.empty());
}

}  // namespace
}  // namespace normproof::conformance
