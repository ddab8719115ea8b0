// How did a run go: what was decided, what agrees with the ledger, and what fails?
#include "proofs_checks/report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "proofs_checks/report/text.hpp"

namespace normproof::report {

bool fails(const MutantReport& mutant) { return !mutant.refuted || !mutant.agreed; }

Summary summarize(const ClaimReport& claim, const std::string& effort) {
  Summary summary;
  summary.claims = 1;
  summary.troubled = claim.trouble.empty() ? 0 : 1;
  for (const ReadingReport& reading : claim.readings) {
    ++summary.readings;
    switch (reading.verdict) {
      case Verdict::holds: ++summary.holds; break;
      case Verdict::refuted: ++summary.refuted; break;
      case Verdict::inconclusive: ++summary.inconclusive; break;
      case Verdict::not_checkable: ++summary.not_checkable; break;
    }
    switch (standing(reading, effort)) {
      case Standing::agrees: break;
      case Standing::agrees_below_effort: ++summary.agreeing_below_effort; break;
      case Standing::differs: ++summary.differing; break;
      case Standing::unrecorded: ++summary.unrecorded; break;
    }
  }
  for (const MutantReport& mutant : claim.mutants) {
    ++summary.mutants;
    if (mutant.refuted) ++summary.mutants_refuted;
    if (mutant.refuted && !mutant.agreed) ++summary.straw_mutants;
  }
  return summary;
}

Summary summarize(const RunReport& run) {
  Summary sum;
  for (const ClaimReport& claim : run.claims) {
    const Summary one = summarize(claim, run.effort);
    sum.claims += one.claims;
    sum.readings += one.readings;
    sum.holds += one.holds;
    sum.refuted += one.refuted;
    sum.inconclusive += one.inconclusive;
    sum.not_checkable += one.not_checkable;
    sum.agreeing_below_effort += one.agreeing_below_effort;
    sum.differing += one.differing;
    sum.unrecorded += one.unrecorded;
    sum.mutants += one.mutants;
    sum.mutants_refuted += one.mutants_refuted;
    sum.straw_mutants += one.straw_mutants;
    sum.troubled += one.troubled;
  }
  sum.stale = static_cast<long>(run.stale.size());
  return sum;
}

std::vector<std::string> failing_claims(const RunReport& run) {
  std::vector<std::string> failing;
  for (const ClaimReport& claim : run.claims) {
    const bool stale = std::any_of(run.stale.begin(), run.stale.end(),
                                   [&](const StaleReading& reading) { return reading.claim == claim.id; });
    if (stale || !summarize(claim, run.effort).passes()) failing.push_back(claim.id);
  }
  return failing;
}

std::string rerun_command(const RunReport& run, const std::string& claim) {
  return fmt::format("normproof verify {} --seed {} --effort {}{}{}", claim, run.seed, run.effort,
                     run.rerun_options.empty() ? "" : " ", run.rerun_options);
}

std::string standing_words(const ReadingReport& reading, const std::string& effort) {
  switch (standing(reading, effort)) {
    case Standing::agrees: return "";
    case Standing::agrees_below_effort:
      return fmt::format("below the effort of the record: {} at {}", reading.recorded, reading.recorded_effort);
    case Standing::differs:
      return fmt::format("differs: the record says {} (at {})", reading.recorded, reading.recorded_effort);
    case Standing::unrecorded: return "no record in the ledger";
  }
  return "";
}

// Evidence that compared nothing speaks for nothing.
bool speaks_for(const Evidence& evidence, Verdict verdict) {
  if (evidence.cases == 0) return false;
  if (verdict == Verdict::holds) return evidence.supports;
  if (verdict == Verdict::refuted) return !evidence.supports;
  return true;
}

std::optional<Grade> strongest_grade(const ReadingReport& reading) {
  std::optional<Grade> strongest;
  for (const Evidence& evidence : reading.evidence) {
    if (!speaks_for(evidence, reading.verdict)) continue;
    if (!strongest || evidence.grade < *strongest) strongest = evidence.grade;
  }
  return strongest;
}

std::vector<GradeTotal> totals_by_grade(const ReadingReport& reading) {
  std::vector<GradeTotal> totals;
  for (const Evidence& evidence : reading.evidence) {
    const bool speaks = speaks_for(evidence, reading.verdict);
    const auto same = std::find_if(totals.begin(), totals.end(), [&](const GradeTotal& total) {
      return total.grade == evidence.grade && total.speaks_for == speaks && (total.cases == 0) == (evidence.cases == 0);
    });
    if (same == totals.end()) {
      totals.push_back({evidence.grade, speaks, evidence.cases, evidence.error_probability});
    } else {
      same->cases += evidence.cases;
      same->error_probability += evidence.error_probability;
    }
  }
  std::stable_sort(totals.begin(), totals.end(), [](const GradeTotal& a, const GradeTotal& b) {
    return a.speaks_for != b.speaks_for ? a.speaks_for : a.grade < b.grade;
  });
  return totals;
}

std::string words(const GradeTotal& total, Verdict verdict) {
  std::string text = total.grade == Grade::derived_bound ? "derived bound" : word(total.grade);
  if (total.cases == 0) return text + ": nothing was compared";
  // A counterexample in exact fractions, or a search, has no error probability to state.
  if (total.error_probability != 0) text += ", error ≤ " + probability_words(total.error_probability);
  text += ", " + counted(total.cases, "case", "cases");
  if (!total.speaks_for) text += verdict == Verdict::refuted ? " that found nothing" : " that speak against it";
  return text;
}

std::string witness_words(const ReadingReport& reading) {
  if (reading.left_witness.empty() && reading.right_witness.empty()) return "";
  return fmt::format("{} {} {}{}", reading.left_witness, reading.relation, reading.right_witness,
                     reading.algebraic_identity ? " (an algebraic identity)" : "");
}

std::string error_budget_words(const RunReport& run) {
  return fmt::format("errors added over all readings: false alarm ≤ {:.1e} (budget {:.0e}), false acceptance ≤ {:.1e}",
                     run.spent, run.suite_false_alarm, run.false_acceptance);
}

std::string verdict_counts(const Summary& summary) {
  std::string text;
  const auto add = [&](long count, const char* one, const char* several) {
    if (count == 0) return;
    if (!text.empty()) text += ", ";
    text += counted(count, one, several);
  };
  add(summary.holds, "holds", "hold");
  add(summary.refuted, "refuted", "refuted");
  add(summary.inconclusive, "inconclusive", "inconclusive");
  add(summary.not_checkable, "not checkable", "not checkable");
  return text.empty() ? "no readings" : text;
}

namespace {

struct WrittenArray {
  std::string name;
  std::vector<std::vector<std::string>> rows;
};

// "x[2,1]", "3" → row 2, column 1 of x; a name without indices is a scalar.
void place(std::vector<WrittenArray>& arrays, const std::string& name, const std::string& value) {
  std::size_t row = 1, column = 1;
  const std::size_t bracket = name.find('['), comma = name.find(',', bracket == std::string::npos ? 0 : bracket);
  const bool indexed = bracket != std::string::npos && comma != std::string::npos;
  if (indexed) {
    row = std::stoul(name.substr(bracket + 1));
    column = std::stoul(name.substr(comma + 1));
  }
  const std::string array_name = indexed ? name.substr(0, bracket) : name;
  auto array = std::find_if(arrays.begin(), arrays.end(), [&](const WrittenArray& a) { return a.name == array_name; });
  if (array == arrays.end()) array = arrays.insert(arrays.end(), {array_name, {}});
  if (array->rows.size() < row) array->rows.resize(row);
  if (array->rows[row - 1].size() < column) array->rows[row - 1].resize(column, "·");
  array->rows[row - 1][column - 1] = value;
}

// A scalar as itself; a column or row as (a, b, c); a matrix as (a, b; c, d). An entry that nothing depends on is "·".
std::string written(const WrittenArray& array) {
  const bool column = array.rows.size() > 1 && std::all_of(array.rows.begin(), array.rows.end(),
                                                           [](const auto& row) { return row.size() <= 1; });
  std::string text;
  std::size_t entries = 0;
  for (const auto& row : array.rows) {
    if (!text.empty()) text += column ? ", " : "; ";
    if (row.empty()) text += "·";
    for (std::size_t j = 0; j < row.size(); ++j) text += (j > 0 ? ", " : "") + row[j];
    entries += std::max<std::size_t>(1, row.size());
  }
  return entries > 1 ? array.name + " = (" + text + ")" : array.name + " = " + text;
}

}  // namespace

std::vector<std::string> counterexample_pieces(const Counterexample& counterexample) {
  std::vector<std::string> pieces = {words(counterexample.sizes) + ":"};
  std::vector<WrittenArray> arrays;
  for (const auto& [name, value] : counterexample.inputs) place(arrays, name, value);
  for (const WrittenArray& array : arrays) pieces.push_back(written(array) + ",");
  pieces.back().back() = counterexample.inputs.empty() ? ':' : ';';
  if (!counterexample.entry.empty()) pieces.push_back(fmt::format("at entry {}:", counterexample.entry));
  pieces.push_back(fmt::format("left = {},", counterexample.left));
  pieces.push_back(fmt::format("right = {}", counterexample.right));
  if (!counterexample.relation.empty()) {
    pieces.back() += ',';
    pieces.push_back(fmt::format("where left {} right should hold", counterexample.relation));
  }
  return pieces;
}

std::string counterexample_words(const Counterexample& counterexample) {
  std::string text;
  for (const std::string& piece : counterexample_pieces(counterexample)) text += (text.empty() ? "" : " ") + piece;
  return text;
}

namespace {
double error_of(Grade grade, const std::vector<ClaimReport>& claims) {
  double sum = 0;
  for (const ClaimReport& claim : claims)
    for (const ReadingReport& reading : claim.readings)
      for (const Evidence& evidence : reading.evidence)
        if (evidence.grade == grade) sum += evidence.error_probability;
  return sum;
}
}  // namespace

double statistical_error(const std::vector<ClaimReport>& claims) { return error_of(Grade::statistical, claims); }
double exact_error(const std::vector<ClaimReport>& claims) { return error_of(Grade::exact, claims); }

}  // namespace normproof::report
