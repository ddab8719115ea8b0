// How did a run go: what was decided, what agrees with the ledger, and what fails?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/ledger.hpp"
#include "proofs_checks/report/run_report.hpp"

namespace normproof::report {

struct Summary {
  long claims = 0;
  long readings = 0, holds = 0, refuted = 0, inconclusive = 0, not_checkable = 0;  // readings by verdict
  long agreeing_below_effort = 0, differing = 0, unrecorded = 0;                   // readings by standing
  long stale = 0;
  long mutants = 0, mutants_refuted = 0;
  long straw_mutants = 0;  // refuted, but not near-misses: they differ even on their natural case
  long troubled = 0;       // claims whose decision was stopped by an error

  // Exit status 0 or 1 of a complete run.
  bool passes() const {
    return differing == 0 && unrecorded == 0 && stale == 0 && mutants == mutants_refuted && straw_mutants == 0 &&
           troubled == 0;
  }
};

Summary summarize(const RunReport& run);
Summary summarize(const ClaimReport& claim, const std::string& effort);  // stale readings are the run's to know

bool fails(const MutantReport& mutant);

// The ids of the claims that make the run fail, in its order.
std::vector<std::string> failing_claims(const RunReport& run);

// A whole command line that decides this one claim again, with the same numbers.
std::string rerun_command(const RunReport& run, const std::string& claim);

// What stands between a reading and its line in the ledger: "" where they agree.
std::string standing_words(const ReadingReport& reading, const std::string& effort);

// Evidence that speaks the verdict's way; of no verdict, all.
bool speaks_for(const Evidence& evidence, Verdict verdict);

// The best grade of the evidence that speaks for the verdict.
std::optional<Grade> strongest_grade(const ReadingReport& reading);

// Evidence of one grade that speaks the same way, added up: cases, and error probabilities by the union bound.
struct GradeTotal {
  Grade grade = Grade::searched;
  bool speaks_for = true;
  long cases = 0;
  double error_probability = 0;
};
std::vector<GradeTotal> totals_by_grade(const ReadingReport& reading);

// "exact, error ≤ 10^-38, 1200 cases".
std::string words(const GradeTotal& total, Verdict verdict);

// "errors added over all readings: false alarm ≤ 6e-09 (budget 1e-06), false acceptance ≤ 1e-06".
std::string error_budget_words(const RunReport& run);

// "reference = theory".
std::string witness_words(const ReadingReport& reading);

// "3 hold, 1 refuted".
std::string verdict_counts(const Summary& summary);

// "batch 2, channels 1: x[1,1] = 1, eps = 0; at entry 2: left = 1/2, right = 1, where left = right should hold", whole
// or in the pieces between which a line may break.
std::string counterexample_words(const Counterexample& counterexample);
std::vector<std::string> counterexample_pieces(const Counterexample& counterexample);

// Statistical verdicts share the error budget of the suite: their sum bounds the chance that the run raises any false
// alarm. The exact engine never does, a difference modulo a prime being a proof; the sum of its errors bounds the
// chance that any reading that it lets hold is false.
double statistical_error(const std::vector<ClaimReport>& claims);
double exact_error(const std::vector<ClaimReport>& claims);

}  // namespace normproof::report
