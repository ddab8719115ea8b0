// How good is a kernel, by all the results of its cases?
#include "proofs_checks/conformance/grade.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

using theory::StabilityClass;

// Of the cases, at most this part may be refused or not run. Empirical: a kernel that refuses more has hardly been
// looked at, and the share of cases with unusual layouts, dtypes and absent operands is far below it.
constexpr double most_untried = 0.9;
constexpr std::string_view sweep_start = "check=condition_sweep,";  // of the text of its cases

void take_bits(Determinism& determinism, const CaseResult& result) {
  for (const auto& [name, same] : result.same_bits) {
    std::optional<bool>* const slot = name == "repeat"             ? &determinism.repeat
                                      : name == "threads"          ? &determinism.threads
                                      : name == "permute_channels" ? &determinism.permute_channels
                                                                   : nullptr;
    if (slot != nullptr) *slot = slot->value_or(true) && same;
  }
}

bool was_judged(const CaseResult& result) {
  return result.outcome == CaseResult::Outcome::passed || result.outcome == CaseResult::Outcome::failed;
}

}  // namespace

// The largest condition before the first case that does not keep half its digits.
double Grading::half_digits_up_to(std::vector<Swept> cases) {
  std::sort(cases.begin(), cases.end(), [](const Swept& a, const Swept& b) { return a.condition < b.condition; });
  const auto lost = std::find_if(cases.begin(), cases.end(), [](const Swept& one) { return !one.keeps_half; });
  double reached = 0;
  for (auto one = cases.begin(); one != lost; ++one) {
    // Of cases with one condition all have to keep their digits.
    if (lost == cases.end() || one->condition < lost->condition) reached = one->condition;
  }
  return reached;
}

void Grading::add(const std::string& case_text, const CaseResult& result) {
  if (!was_judged(result)) return;
  for (const OutputFigures& output : result.outputs) {
    if (output.compared == 0) continue;
    measured_ = true;
    if (result.state_in_f32) {
      state_in_f32_ = true;
      continue;
    }
    class_known_ = true;
    if (!output.meets) beyond_all_ = true;
    if (output.meets) loosest_ = std::max(loosest_, *output.meets);
  }
  take_bits(determinism_, result);
  if (case_text.rfind(sweep_start, 0) != 0 || !std::isfinite(result.condition) || result.outputs.empty()) return;
  sweeps_[parse_case(case_text)[OperandId::x].dtype].push_back({result.condition, result.keeps_half_the_digits});
}

Grade Grading::grade() const {
  Grade grade;
  grade.measured = measured_;
  grade.state_in_f32 = state_in_f32_;
  grade.determinism = determinism_;
  if (measured_ && !beyond_all_) grade.stability_class = class_known_ ? loosest_ : StabilityClass::one_pass;
  for (const auto& [dtype, cases] : sweeps_) grade.half_digits_up_to.emplace_back(dtype, half_digits_up_to(cases));
  return grade;
}

bool within_one_pass(const Finding& finding, const CaseResult& result) {
  // Of what is not finite the finding is about the worst.
  if (finding.kind == Finding::Kind::relation || finding.kind == Finding::Kind::nonfinite)
    return finding.meets.has_value();
  if (finding.kind != Finding::Kind::value) return false;
  // A result lists some of the elements that are wrong; the figures are about all of them.
  const auto figures = std::find_if(result.outputs.begin(), result.outputs.end(),
                                    [&](const OutputFigures& output) { return output.output == finding.operand; });
  return figures != result.outputs.end() && figures->meets.has_value();
}

void conclude(KernelReport& kernel, bool accept_one_pass, bool complete) {
  std::int64_t cases = 0;
  std::int64_t untried = 0;
  std::int64_t refused = 0;
  std::int64_t compared = 0;
  std::int64_t failed = 0;
  std::int64_t accepted = 0;
  std::int64_t failing_checks = 0;
  for (const CheckReport& check : kernel.checks) {
    cases += check.cases;
    refused += check.refused;
    untried += check.refused + check.not_run;
    compared += check.compared;
    accepted += check.accepted;
    failed += check.failed - check.accepted;
    failing_checks += check.failed > check.accepted ? 1 : 0;
  }
  const auto give = [&](ConformanceVerdict verdict, std::string why) {
    kernel.verdict = verdict;
    kernel.why = std::move(why);
  };
  const auto in_cases = [](std::int64_t count) { return report::counted(static_cast<long>(count), "case", "cases"); };
  if (failed > 0) {
    give(ConformanceVerdict::fails, fmt::format("{} of {} in {} fail", failed, in_cases(cases),
                                                report::counted(static_cast<long>(failing_checks), "check", "checks")));
  } else if (!complete) {
    give(ConformanceVerdict::inconclusive, "the run was interrupted");
  } else if (cases == 0) {
    give(ConformanceVerdict::inconclusive, "no check has a case for it");
  } else if (compared == 0) {
    give(ConformanceVerdict::inconclusive,
         fmt::format("no number was compared; {} of {} refused", refused, in_cases(cases)));
  } else if (static_cast<double>(untried) > most_untried * static_cast<double>(cases)) {
    give(ConformanceVerdict::inconclusive, fmt::format("{} of {} refused, {} not run: too little was tried", refused,
                                                       in_cases(cases), untried - refused));
  } else if (accepted > 0 && accept_one_pass) {
    give(ConformanceVerdict::conforms,
         fmt::format("accepted as one_pass: {} beyond the bounds of the class updating", in_cases(accepted)));
  } else {
    give(ConformanceVerdict::conforms, "no finding");
  }
}

const char* word(ConformanceVerdict verdict) {
  switch (verdict) {
    case ConformanceVerdict::conforms: return "conforms";
    case ConformanceVerdict::fails: return "fails";
    case ConformanceVerdict::inconclusive: return "inconclusive";
  }
  return "";
}

bool counts(const FindingReport& finding) { return !finding.accepted && !finding.expected; }

bool has_failures(const KernelReport& kernel) {
  return std::any_of(kernel.checks.begin(), kernel.checks.end(), [](const CheckReport& check) {
    return std::any_of(check.findings.begin(), check.findings.end(), counts);
  });
}

bool call_passes(const KernelReport& kernel) {
  const bool was_made = std::any_of(kernel.checks.begin(), kernel.checks.end(),
                                    [](const CheckReport& check) { return check.passed + check.accepted > 0; });
  return was_made && !has_failures(kernel);
}

bool passes(const ConformanceReport& report) {
  const bool kernels_pass = std::all_of(report.kernels.begin(), report.kernels.end(), [&](const KernelReport& kernel) {
    if (report.one_case) return call_passes(kernel);
    return !has_failures(kernel) && kernel.verdict != ConformanceVerdict::inconclusive;
  });
  return kernels_pass && report.unexpected_passes.empty();
}

namespace {

// Two digits: no promise is larger than what was measured.
std::string rounded_down(double value) {
  const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1);
  return fmt::format("{:.2g}", std::floor(value / unit) * unit);
}

}  // namespace

std::string summation(const Grade& grade) {
  if (!grade.stability_class) return "";
  if (*grade.stability_class == StabilityClass::updating) return "tree";
  if (*grade.stability_class == StabilityClass::updating_chain) return "chain";
  return "";
}

std::string grade_words(const Grade& grade) {
  if (!grade.measured) return "no number was compared";
  std::string words = grade.stability_class ? theory::word(*grade.stability_class) : "no class holds";
  if (!grade.half_digits_up_to.empty()) {
    std::string reach;
    for (const auto& [dtype, condition] : grade.half_digits_up_to) {
      reach += fmt::format("{}{} ({})", reach.empty() ? "" : ", ",
                           condition > 0 ? rounded_down(condition) : "none that was tried", word(dtype));
    }
    words += "; half its digits up to κ = " + reach;
  }
  if (grade.state_in_f32) words += "; one_pass at best where the state of full normalization is in f32";
  std::string same;
  std::string other;
  const auto add = [&](const std::optional<bool>& answer, const char* where) {
    if (!answer) return;
    std::string& list = *answer ? same : other;
    list += (list.empty() ? "on " : " and on ") + std::string(where);
  };
  add(grade.determinism.repeat, "repeats");
  add(grade.determinism.threads, "other thread counts");
  add(grade.determinism.permute_channels, "channels in another order");
  if (!same.empty()) words += "; same bits " + same;
  if (!other.empty()) words += "; other bits " + other;
  return words;
}

}  // namespace normproof::conformance
