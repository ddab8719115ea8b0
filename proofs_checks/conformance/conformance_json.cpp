// How is a conformance report written as JSON (schema normproof.conformance.v1)?
#include "proofs_checks/conformance/conformance_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace normproof::conformance {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

Json null_if_empty(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json answer(const std::optional<bool>& said) { return said ? Json(*said) : Json(nullptr); }

Json finding_object(const FindingReport& report) {
  const Finding& finding = report.finding;
  return {{"kind", word(finding.kind)},
          {"operand", null_if_empty(finding.operand)},
          {"place", null_if_empty(finding.place)},
          {"words", finding.words},
          {"expected", number(finding.expected)},
          {"got", number(finding.got)},
          {"bound", number(finding.bound)},
          {"cases", report.cases},
          {"case", text(report.described)},
          {"shrunk", report.shrunk},
          {"found_in", report.found_in},
          {"accepted", report.accepted},
          {"expected_failure", report.expected},
          {"rerun", report.rerun}};
}

Json worst_object(const CheckReport& check) {
  if (!check.worst) return nullptr;
  const OutputFigures& worst = *check.worst;
  return {{"output", worst.output},   {"place", worst.worst_place},   {"expected", number(worst.expected)},
          {"got", number(worst.got)}, {"bound", number(worst.bound)}, {"case", check.worst_case}};
}

Json check_object(const CheckReport& check) {
  Json findings = Json::array();
  for (const FindingReport& finding : check.findings) findings.push_back(finding_object(finding));
  Json reasons = Json::array();
  for (const auto& [why, cases] : check.why_not_run) reasons.push_back({{"why", why}, {"cases", cases}});
  return {{"id", check.id},
          {"title", check.title},
          {"not_applicable", null_if_empty(check.not_applicable)},
          {"cases", check.cases},
          {"passed", check.passed},
          {"failed", check.failed},
          {"accepted", check.accepted},
          {"refused", check.refused},
          {"not_run", check.not_run},
          {"unfinished", check.unfinished},
          {"compared", check.compared},
          {"worst_over_bound", check.worst ? number(check.worst->worst_over_bound) : Json(nullptr)},
          {"worst_error_ulp", check.worst ? number(check.worst_ulp) : Json(nullptr)},
          {"worst", worst_object(check)},
          {"findings", std::move(findings)},
          {"why_not_run", std::move(reasons)},
          {"seconds", check.seconds}};
}

Json kernel_object(const KernelReport& kernel) {
  const Grade& grade = kernel.grade;
  Json half = Json::object();
  for (const auto& [dtype, condition] : grade.half_digits_up_to) half[word(dtype)] = number(condition);
  Json checks = Json::array();
  for (const CheckReport& check : kernel.checks) checks.push_back(check_object(check));
  const char* const none = grade.measured ? "none" : nullptr;
  const char* const loosest = grade.stability_class ? theory::word(*grade.stability_class) : none;
  return {{"name", kernel.kernel.name},
          {"op", word(static_cast<normproof_op>(kernel.kernel.op))},
          {"dtypes", dtype_words(kernel.kernel)},
          {"flags", flag_words(kernel.kernel)},
          {"summary", kernel.kernel.summary},
          {"verdict", word(kernel.verdict)},
          {"why", kernel.why},
          {"stability_class", loosest == nullptr ? Json(nullptr) : Json(loosest)},
          {"summation", null_if_empty(summation(grade))},
          {"half_digits_up_to_condition", std::move(half)},
          {"determinism",
           {{"repeat", answer(grade.determinism.repeat)},
            {"threads", answer(grade.determinism.threads)},
            {"permute_channels", answer(grade.determinism.permute_channels)}}},
          {"checks", std::move(checks)},
          {"not_tested", kernel.not_tested},
          {"seconds", kernel.seconds}};
}

}  // namespace

std::string json_view(const ConformanceReport& report) {
  Json kernels = Json::array();
  for (const KernelReport& kernel : report.kernels) kernels.push_back(kernel_object(kernel));
  Json unexpected = Json::array();
  for (const UnexpectedPass& pass : report.unexpected_passes)
    unexpected.push_back({{"pattern", pass.pattern}, {"place", pass.place}});
  const Json json = {{"schema", "normproof.conformance.v1"},
                     {"run",
                      {{"version", report.version},
                       {"seed", report.seed},
                       {"effort", report.effort},
                       {"seconds", report.seconds},
                       {"compiler", report.compiler},
                       {"cpu", report.cpu},
                       {"complete", report.complete}}},
                     {"library", {{"path", report.library}, {"kernels", report.library_kernels}}},
                     {"accept", report.accept_one_pass ? Json("one_pass") : Json(nullptr)},
                     {"kernels", std::move(kernels)},
                     {"unexpected_passes", std::move(unexpected)}};
  constexpr int indent = 2;
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace normproof::conformance
