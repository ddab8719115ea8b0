// How does a conformance report read on a terminal of 100 columns?
#include "proofs_checks/conformance/conformance_terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

using report::columns_of;
using report::counted;
using report::one_line;
using report::padded;
using report::wrapped;

constexpr int screen_columns = 100;
constexpr int shortest_id_columns = 18;
constexpr int longest_id_columns = 30;
constexpr int number_columns = 9;
constexpr int margin_columns = 2;  // the mark of a failure and a blank
constexpr int detail_indent = 4;
constexpr int rerun_indent = 6;
constexpr std::size_t most_shown_values = 32;
constexpr std::size_t most_shown_findings = 2;  // of a check

enum class Colour { none = 0, bold = 1, red = 31, green = 32, yellow = 33 };

Colour colour_of(ConformanceVerdict verdict) {
  switch (verdict) {
    case ConformanceVerdict::conforms: return Colour::green;
    case ConformanceVerdict::fails: return Colour::red;
    case ConformanceVerdict::inconclusive: return Colour::yellow;
  }
  return Colour::none;
}

std::string right_aligned(const std::string& text) {
  const int missing = number_columns - columns_of(text);
  return std::string(missing > 0 ? static_cast<std::size_t>(missing) : 0, ' ') + text;
}

// A few digits, rounded up: no error looks smaller than it is.
std::string figure(double value) {
  if (!std::isfinite(value) || value == 0) return fmt::format("{:g}", value);
  constexpr double digits = 100;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value)))) / digits;
  return fmt::format("{:.3g}", std::ceil(value / unit) * unit);
}

std::string case_words(const Case& described) {
  return fmt::format("{} of {}×{}×{}, x {}", word(described.op), described.batch, described.channels, described.spatial,
                     word(described[OperandId::x].dtype));
}

// Of --case: what came of the one call, which says nothing of the kernel.
std::string call_outcome(const KernelReport& kernel) {
  if (kernel.checks.empty()) return "no call was made";
  const CheckReport& check = kernel.checks.front();
  if (check.failed > 0) return check.accepted > 0 ? "this call passes, accepted as one_pass" : "this call fails";
  if (check.refused > 0) return "this call is refused";
  if (check.passed > 0) return "this call passes";
  return check.why_not_run.empty() ? "this call was not made"
                                   : "this call was not made: " + check.why_not_run.front().first;
}

// Every finding is one that the caller knew of.
bool fails_as_expected(const KernelReport& kernel) {
  return kernel.verdict == ConformanceVerdict::fails &&
         std::none_of(kernel.checks.begin(), kernel.checks.end(), [](const CheckReport& check) {
           return std::any_of(check.findings.begin(), check.findings.end(), counts);
         });
}

class Page {
 public:
  Page(const ConformanceReport& report, const TerminalOptions& options) : report_(report), options_(options) {}

  std::string text() {
    line(
        one_line(fmt::format("normproof {} · {} · effort {} · seed {} · {}", report_.version, report_.library,
                             report_.effort, report_.seed, counted(std::ssize(report_.kernels), "kernel", "kernels"))));
    for (const KernelReport& kernel : report_.kernels) {
      if (!options_.quiet || kernel.verdict != ConformanceVerdict::conforms) add_kernel(kernel);
    }
    add_totals();
    return text_;
  }

 private:
  void line(const std::string& words) { text_ += words + "\n"; }

  std::string painted(const std::string& words, Colour colour) const {
    if (!options_.colour || colour == Colour::none) return words;
    return fmt::format("\x1b[{}m{}\x1b[0m", static_cast<int>(colour), words);
  }

  void indented(const std::string& words, int indent, Colour colour = Colour::none) {
    const std::string blanks(static_cast<std::size_t>(indent), ' ');
    for (const std::string& piece : wrapped(one_line(words), screen_columns - indent))
      line(blanks + painted(piece, colour));
  }

  void add_kernel(const KernelReport& kernel) {
    line("");
    const bool as_expected = fails_as_expected(kernel);
    const bool good = report_.one_case ? call_passes(kernel) : kernel.verdict == ConformanceVerdict::conforms;
    const std::string verdict =
        fmt::format("{}{}", word(kernel.verdict), as_expected ? ", as expected: every finding is a known one" : "");
    line(fmt::format(
        "{}{}: {}", good || as_expected ? "" : "! ", painted(kernel.kernel.name, Colour::bold),
        painted(report_.one_case ? call_outcome(kernel) : verdict, good ? Colour::green : colour_of(kernel.verdict))));
    indented(kernel.kernel.summary, margin_columns);
    indented(fmt::format("{}; x in {}; flags: {}", word(static_cast<normproof_op>(kernel.kernel.op)),
                         dtype_words(kernel.kernel), flag_words(kernel.kernel)),
             margin_columns);
    if (kernel.grade.measured && !report_.one_case) indented("grade: " + grade_words(kernel.grade), margin_columns);
    if (!kernel.why.empty() && !report_.one_case) indented(kernel.why, margin_columns);
    add_table(kernel);
    add_not_tested(kernel);
  }

  void add_table(const KernelReport& kernel) {
    int id_columns = shortest_id_columns;
    for (const CheckReport& check : kernel.checks)
      id_columns = std::max(id_columns, std::min(columns_of(check.id), longest_id_columns));
    bool headed = false;
    for (const CheckReport& check : kernel.checks) {
      const bool tried = check.cases > check.unfinished;
      if (!tried || (options_.quiet && check.findings.empty())) continue;
      if (!headed) {
        line(fmt::format("  {}{}{}{}{}{}  at", padded("check", id_columns), right_aligned("cases"),
                         right_aligned("failed"), right_aligned("refused"), right_aligned("err/bnd"),
                         right_aligned("ulp")));
      }
      headed = true;
      add_check(check, id_columns);
    }
  }

  void add_check(const CheckReport& check, int id_columns) {
    const bool failing = std::any_of(check.findings.begin(), check.findings.end(), counts);
    const std::string over_bound = check.worst ? figure(check.worst->worst_over_bound) : "-";
    const std::string ulp = check.worst ? figure(check.worst_ulp) : "-";
    const std::string at = check.worst ? check.worst->output : "";
    std::string row =
        fmt::format("{}{}{}{}{}{}  {}", padded(check.id, id_columns), right_aligned(std::to_string(check.cases)),
                    right_aligned(std::to_string(check.failed - check.accepted)),
                    right_aligned(std::to_string(check.refused)), right_aligned(over_bound), right_aligned(ulp), at);
    if (check.accepted > 0) row += fmt::format("  {} accepted", check.accepted);
    if (check.not_run > 0) row += fmt::format("  {} not run", check.not_run);
    if (check.unfinished > 0) row += fmt::format("  {} unfinished", check.unfinished);
    line((failing ? "! " : "  ") + painted(row, failing ? Colour::red : Colour::none));
    add_findings(check);
  }

  void add_findings(const CheckReport& check) {
    const std::vector<const FindingReport*> findings = by_weight(check);
    for (std::size_t k = 0; k < std::min(findings.size(), most_shown_findings); ++k) add_finding(*findings[k]);
    if (findings.size() > most_shown_findings) {
      indented(fmt::format("and {} more; the report of --out, --json or --junit has them all",
                           counted(static_cast<long>(findings.size() - most_shown_findings), "kind", "kinds")),
               detail_indent);
    }
  }

  void add_finding(const FindingReport& report) {
    indented(finding_words(report), detail_indent);
    indented(fmt::format("in {}; the first one{}: {}", counted(report.cases, "case", "cases"),
                         report.shrunk ? ", made smaller" : "", case_words(report.described)),
             rerun_indent);
    // Whole, to be copied.
    if (!report.rerun.empty()) line(std::string(rerun_indent, ' ') + one_line(report.rerun));
  }

  void add_not_tested(const KernelReport& kernel) {
    if (options_.quiet || kernel.not_tested.empty()) return;
    line("  not tested:");
    for (const std::string& what : kernel.not_tested) {
      bool first = true;
      for (const std::string& piece : wrapped(one_line(what), screen_columns - detail_indent - margin_columns)) {
        line(std::string(detail_indent, ' ') + (first ? "- " : "  ") + piece);
        first = false;
      }
    }
  }

  void add_totals() {
    long conforming = 0;
    long failing = 0;
    long expected = 0;
    long cases = 0;
    for (const KernelReport& kernel : report_.kernels) {
      conforming += kernel.verdict == ConformanceVerdict::conforms ? 1 : 0;
      failing += kernel.verdict == ConformanceVerdict::fails ? 1 : 0;
      expected += fails_as_expected(kernel) ? 1 : 0;
      for (const CheckReport& check : kernel.checks) cases += check.cases - check.not_run - check.unfinished;
    }
    line("");
    if (!report_.one_case) {
      line(fmt::format("{}: {} conform, {} fail{}, {} inconclusive; {}",
                       counted(std::ssize(report_.kernels), "kernel", "kernels"), conforming, failing,
                       expected > 0 ? fmt::format(" ({} as expected)", expected) : "",
                       std::ssize(report_.kernels) - conforming - failing, counted(cases, "case", "cases")));
    }
    for (const UnexpectedPass& pass : report_.unexpected_passes)
      line(fmt::format("! expected to fail, but passes: {} ({})", pass.pattern, pass.place));
    std::string end = report::duration_words(report_.seconds);
    if (!options_.place.empty()) end += " · report: " + options_.place;
    line(end);
    if (!report_.complete) line("interrupted: this is what was finished");
  }

  const ConformanceReport& report_;
  const TerminalOptions& options_;
  std::string text_;
};

std::string layout_words(const Case& described, OperandId id) {
  const std::string shown = text(described);
  // The text of a case names what lies in an unusual way; here the operand's own part is enough.
  const std::string key = std::string(word(id)) + "=";
  std::size_t start = shown.rfind("," + key);
  if (start == std::string::npos) return "";
  start += 1 + key.size();
  return shown.substr(start, std::min(shown.find(',', start), shown.size()) - start);
}

}  // namespace

std::string terminal_view(const ConformanceReport& report, const TerminalOptions& options) {
  return Page(report, options).text();
}

std::string finding_words(const FindingReport& report) {
  return fmt::format("{}{}{}: {}", report.expected ? "known: " : "", report.accepted ? "accepted as one_pass: " : "",
                     word(report.finding.kind), one_line(report.finding.words));
}

std::vector<const FindingReport*> by_weight(const CheckReport& check) {
  std::vector<const FindingReport*> findings;
  for (const FindingReport& finding : check.findings) findings.push_back(&finding);
  std::stable_partition(findings.begin(), findings.end(),
                        [](const FindingReport* finding) { return counts(*finding); });
  return findings;
}

std::string call_view(const Case& described, const std::vector<DumpedOperand>& operands) {
  std::string page =
      fmt::format("{} (batch × channels × spatial); relation {}\n", case_words(described), word(described.relation));
  page += fmt::format("eps {}, momentum {}, {} running variance, {}{}\n", described.eps, described.momentum,
                      described.variance == NORMPROOF_VAR_BIASED ? "biased" : "unbiased",
                      counted(described.threads, "thread", "threads"), described.in_place ? ", in place" : "");
  for (std::size_t k = 0; k < operand_count; ++k) {
    const auto id = static_cast<OperandId>(k);
    if (use_of(described.op, id) == Use::unused) continue;
    const std::string how = layout_words(described, id);
    if (!how.empty()) page += fmt::format("  {}: {}\n", word(id), how == "-" ? "absent" : how);
  }
  for (const DumpedOperand& operand : operands) {
    page += fmt::format("  {} =", operand.name);
    for (std::size_t k = 0; k < std::min(operand.values.size(), most_shown_values); ++k)
      page += fmt::format(" {:.9g}", operand.values[k]);
    if (operand.values.size() > most_shown_values)
      page += fmt::format(" … ({} in all; --dump DIR writes them)", operand.values.size());
    page += "\n";
  }
  return page;
}

}  // namespace normproof::conformance
