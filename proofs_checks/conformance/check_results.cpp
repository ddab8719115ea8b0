// What came of the cases of one check?
#include "proofs_checks/conformance/check_results.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "proofs_checks/conformance/grade.hpp"

namespace normproof::conformance {
namespace {

// A figure that is not a number is the worst of all.
bool is_worse(double a, double b) { return std::isnan(a) ? !std::isnan(b) : a > b; }

void add_figures(CheckReport& check, const std::string& case_text, const CaseResult& result) {
  for (const OutputFigures& output : result.outputs) {
    check.compared += output.compared;
    if (output.compared == 0) continue;
    if (is_worse(output.worst_ulp, check.worst_ulp)) check.worst_ulp = output.worst_ulp;
    if (check.worst && !is_worse(output.worst_over_bound, check.worst->worst_over_bound)) continue;
    check.worst = output;
    check.worst_case = case_text;
  }
}

void add_reason(CheckReport& check, const std::string& why) {
  const auto known = std::find_if(check.why_not_run.begin(), check.why_not_run.end(),
                                  [&](const auto& reason) { return reason.first == why; });
  if (known != check.why_not_run.end())
    ++known->second;
  else
    check.why_not_run.emplace_back(why, 1);
}

void add_finding(CheckReport& check, const std::string& case_text, const Finding& finding, bool accepted) {
  const Case described = parse_case(case_text);  // of earlier failures each has a check of its own
  auto known = std::find_if(check.findings.begin(), check.findings.end(), [&](const FindingReport& report) {
    return report.finding.kind == finding.kind && report.finding.operand == finding.operand &&
           report.accepted == accepted && report.described.check == described.check;
  });
  if (known == check.findings.end()) {
    FindingReport report;
    report.finding = finding;
    report.described = described;
    report.found_in = case_text;
    report.accepted = accepted;
    known = check.findings.insert(known, std::move(report));
  }
  ++known->cases;
}

// Every kind and operand once for a case.
void add_findings(CheckReport& check, const std::string& case_text, const CaseResult& result, bool accept_one_pass) {
  bool all_accepted = accept_one_pass && !result.findings.empty();
  std::set<std::pair<Finding::Kind, std::string>> seen;
  for (const Finding& finding : result.findings) {
    const bool accepted = accept_one_pass && within_one_pass(finding, result);
    all_accepted = all_accepted && accepted;
    if (seen.emplace(finding.kind, finding.operand).second) add_finding(check, case_text, finding, accepted);
  }
  if (all_accepted) ++check.accepted;
}

}  // namespace

void add_result(CheckReport& check, const std::string& case_text, const CaseResult& result, bool accept_one_pass) {
  switch (result.outcome) {
    case CaseResult::Outcome::passed: ++check.passed; break;
    case CaseResult::Outcome::failed: ++check.failed; break;
    case CaseResult::Outcome::refused: ++check.refused; break;
    case CaseResult::Outcome::not_run:
      ++check.not_run;
      add_reason(check, result.why_not_run);
      break;
  }
  check.seconds += result.seconds;
  add_figures(check, case_text, result);
  add_findings(check, case_text, result, accept_one_pass);
}

}  // namespace normproof::conformance
