// What page does a kernel's author put beside the kernel: what holds of it, how far, and what nobody looked at?
#include "proofs_checks/conformance/kernel_certificate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "proofs_checks/conformance/conformance_terminal.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

using report::markdown_escaped;

constexpr std::size_t most_worst_inputs = 3;

// A pair of backquotes around text that has none.
std::string code(const std::string& text) { return "`" + report::one_line(text) + "`"; }

std::string title(const ConformanceReport& report, const KernelReport& kernel) {
  std::string verdict = word(kernel.verdict);
  if (report.accept_one_pass && kernel.verdict == ConformanceVerdict::conforms) verdict += ", accepted as one_pass";
  if (!report.complete) verdict += ", interrupted";
  const std::string loosest =
      kernel.grade.stability_class ? fmt::format(", class {}", theory::word(*kernel.grade.stability_class)) : "";
  return markdown_escaped(fmt::format("{}: {}{}", kernel.kernel.name, verdict, loosest));
}

std::string check_table(const KernelReport& kernel) {
  std::string text =
      "| check | what is tried | cases | failed | refused | worst error / bound | worst error in ulp |\n"
      "|---|---|---:|---:|---:|---:|---:|\n";
  for (const CheckReport& check : kernel.checks) {
    if (check.cases == 0) continue;
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", markdown_escaped(check.id),
                        markdown_escaped(check.title), check.cases, check.failed, check.refused,
                        check.worst ? fmt::format("{:.3g}", check.worst->worst_over_bound) : "–",
                        check.worst ? fmt::format("{:.3g}", check.worst_ulp) : "–");
  }
  return text;
}

std::string findings_section(const KernelReport& kernel) {
  std::string text;
  for (const CheckReport& check : kernel.checks) {
    const std::vector<const FindingReport*> findings = by_weight(check);
    if (findings.empty()) continue;
    const FindingReport& first = *findings.front();
    text += fmt::format("- {}: {}. In {} of {} cases{}.\n  {}\n", markdown_escaped(check.id),
                        markdown_escaped(finding_words(first)), first.cases, check.cases,
                        findings.size() > 1 ? fmt::format("; {} of finding besides",
                                                          report::counted(std::ssize(findings) - 1, "kind", "kinds"))
                                            : "",
                        code(first.rerun));
  }
  return text.empty() ? "" : "\n## What is wrong\n\n" + text;
}

std::string worst_section(const KernelReport& kernel) {
  std::vector<const CheckReport*> checks;
  for (const CheckReport& check : kernel.checks) {
    if (check.worst && check.worst->worst_over_bound > 0) checks.push_back(&check);
  }
  std::stable_sort(checks.begin(), checks.end(), [](const CheckReport* a, const CheckReport* b) {
    return a->worst->worst_over_bound > b->worst->worst_over_bound;
  });
  if (checks.size() > most_worst_inputs) checks.resize(most_worst_inputs);
  if (checks.empty()) return "";
  std::string text = "\n## The inputs that came nearest to the bounds\n\n";
  for (const CheckReport* check : checks) {
    const OutputFigures& worst = *check->worst;
    text += fmt::format("- {} at {}: expected {:.9g}, got {:.9g}, bound {:.3g}, {:.3g} of it.\n  {}\n",
                        markdown_escaped(worst.output), markdown_escaped(worst.worst_place), worst.expected, worst.got,
                        worst.bound, worst.worst_over_bound, code(check->worst_case));
  }
  return text;
}

}  // namespace

std::string kernel_certificate(const ConformanceReport& report, const KernelReport& kernel,
                               const std::string& command) {
  std::string text = fmt::format("# {}\n\n{}\n\n", title(report, kernel), markdown_escaped(kernel.kernel.summary));
  text +=
      fmt::format("{}; x in {}; flags: {}.\n\n", markdown_escaped(word(static_cast<normproof_op>(kernel.kernel.op))),
                  dtype_words(kernel.kernel), flag_words(kernel.kernel));
  text += fmt::format("**Grade.** {}.\n\n", markdown_escaped(grade_words(kernel.grade)));
  text += fmt::format("**Verdict.** {}: {}.\n\n", word(kernel.verdict), markdown_escaped(kernel.why));
  if (kernel.grade.state_in_f32)
    text +=
        "Where the state of full normalization is in f32, no class above one\\_pass exists: the interface itself loses "
        "what a variance needs. The bounds then take the state as it is given, and the class above is of the other "
        "calls.\n\n";
  text += check_table(kernel) + findings_section(kernel) + worst_section(kernel);
  text += "\n## What was not tested\n\n";
  for (const std::string& what : kernel.not_tested) text += fmt::format("- {}\n", markdown_escaped(what));
  text += fmt::format("\n## How this was made\n\nnormproof {}, effort {}, seed {}, {}, {}.\n\n    {}\n",
                      markdown_escaped(report.version), report.effort, report.seed, markdown_escaped(report.compiler),
                      markdown_escaped(report.cpu), report::one_line(command));
  return text;
}

}  // namespace normproof::conformance
