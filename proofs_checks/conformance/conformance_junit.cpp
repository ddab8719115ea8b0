// How is a conformance report written as JUnit XML, for the machines that show test results?
#include "proofs_checks/conformance/conformance_junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "proofs_checks/conformance/conformance_terminal.hpp"
#include "proofs_checks/report/junit_document.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

using report::JunitTestcase;

std::string in_cases(std::int64_t count) { return report::counted(static_cast<long>(count), "case", "cases"); }

JunitTestcase check_testcase(const KernelReport& kernel, const CheckReport& check) {
  JunitTestcase testcase{kernel.kernel.name, check.id, check.seconds, "", "", ""};
  long failing = 0;
  long known = 0;
  for (const FindingReport* finding : by_weight(check)) {
    known += finding->expected ? 1 : 0;
    if (!counts(*finding)) continue;
    if (failing++ == 0)
      testcase.failure = fmt::format("{} of {} fail; {}", check.failed, in_cases(check.cases), finding_words(*finding));
    testcase.body += finding_words(*finding) + "\n" + finding->rerun + "\n";
  }
  if (failing > 0) return testcase;
  if (known > 0) {
    testcase.skipped = fmt::format("known failure: {} of {}", check.failed, in_cases(check.cases));
  } else if (!check.not_applicable.empty()) {
    testcase.skipped = "does not apply: " + check.not_applicable;
  } else if (check.unfinished > 0) {
    testcase.skipped = "the run was interrupted before this check was done";
  } else if (check.refused == check.cases) {
    testcase.skipped = fmt::format("the kernel refused every one of {}", in_cases(check.cases));
  } else if (check.passed == 0 && check.failed == 0) {
    testcase.skipped = check.why_not_run.empty() ? "refused or not run" : "not run: " + check.why_not_run.front().first;
  }
  return testcase;
}

}  // namespace

std::string junit_view(const ConformanceReport& report) {
  std::vector<JunitTestcase> all;
  for (const KernelReport& kernel : report.kernels) {
    for (const CheckReport& check : kernel.checks) all.push_back(check_testcase(kernel, check));
    if (report.one_case) continue;
    JunitTestcase verdict{kernel.kernel.name, "verdict", 0, "", "", ""};
    if (kernel.verdict == ConformanceVerdict::inconclusive && report.complete)
      verdict.failure = "inconclusive: " + kernel.why;
    if (!report.complete) verdict.skipped = "the run was interrupted";
    all.push_back(std::move(verdict));
  }
  for (const UnexpectedPass& pass : report.unexpected_passes)
    all.push_back(
        {"known failures", pass.pattern, 0, fmt::format("passes, though {} says it fails", pass.place), "", ""});
  return report::junit_document(all, report.seconds);
}

}  // namespace normproof::conformance
