// How is a run written as Markdown, for people who read it in a repository or a pull request?
#include "proofs_checks/report/markdown_view.hpp"

#include <fmt/format.h>

#include <string_view>

#include "proofs_checks/report/summary.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

std::string escaped(std::string_view text) { return markdown_escaped(text); }

std::string source_words(const ClaimReport& claim) {
  std::string text;
  for (const Source& source : claim.sources) {
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", source.document, source.locator);
  }
  return text;
}

std::string evidence_words(const ReadingReport& reading) {
  std::string text;
  for (const GradeTotal& total : totals_by_grade(reading)) {
    text += (text.empty() ? "" : "; ") + words(total, reading.verdict);
  }
  return text.empty() ? "none" : text;
}

std::string dropped_words(const ReadingReport& reading, const DroppedHypothesis& dropped) {
  std::string text =
      fmt::format("\n{} without \"{}\": {}", escaped(reading.id), escaped(dropped.sentence), escaped(dropped.outcome));
  if (!dropped.counterexamples.empty())
    text += " at " + escaped(counterexample_words(dropped.counterexamples.front()));
  else if (!dropped.detail.empty())
    text += ", " + escaped(dropped.detail);
  return text + ".\n";
}

// A row a claim; a column for each near-miss, in its order: what was refuted and what was not.
std::string kill_matrix(const RunReport& run) {
  std::string text = "\n## Kill matrix\n\nNear-misses of each claim, tried as often as the claim itself.\n\n";
  text += "| claim | refuted | near-misses |\n|---|---|---|\n";
  for (const ClaimReport& claim : run.claims) {
    std::string cells;
    long refuted = 0;
    for (const MutantReport& mutant : claim.mutants) {
      refuted += mutant.refuted ? 1 : 0;
      cells +=
          fmt::format("{}{}{}", cells.empty() ? "" : ", ", mutant.refuted ? "" : "**survives:** ", escaped(mutant.id));
    }
    text += fmt::format("| {} | {} of {} | {} |\n", escaped(claim.id), refuted, claim.mutants.size(), cells);
  }
  return text;
}

std::string claim_section(const RunReport& run, const ClaimReport& claim) {
  std::string text = fmt::format("\n## {}\n\n{}\n\n", escaped(claim.id), escaped(claim.title));
  text += fmt::format("Sources: {}. {:.2f} s.\n\n", escaped(source_words(claim)), claim.seconds);
  if (!claim.trouble.empty()) text += fmt::format("**Not decided:** {}\n\n", escaped(claim.trouble));
  text += "| reading | verdict | record | statement | witnesses | evidence |\n|---|---|---|---|---|---|\n";
  for (const ReadingReport& reading : claim.readings) {
    const std::string stands = standing_words(reading, run.effort);
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", escaped(reading.id), escaped(word(reading.verdict)),
                        stands.empty() ? "agrees" : escaped(stands), escaped(reading.statement),
                        escaped(witness_words(reading)), escaped(evidence_words(reading)));
  }
  for (const ReadingReport& reading : claim.readings) {
    for (const DroppedHypothesis& dropped : reading.dropped) text += dropped_words(reading, dropped);
    for (const Counterexample& counterexample : reading.counterexamples) {
      text += fmt::format("\nSmallest counterexample in fractions to {}: {}.\n", escaped(reading.id),
                          escaped(counterexample_words(counterexample)));
    }
    if (!reading.trouble.empty()) text += fmt::format("\n{}: {}\n", escaped(reading.id), escaped(reading.trouble));
  }
  if (claim.mutants.empty()) return text;
  text += "\n| mutant | of reading | what it changes | agrees when | refuted |\n|---|---|---|---|---|\n";
  for (const MutantReport& mutant : claim.mutants) {
    text += fmt::format("| {} | {} | {} | {}{} | {} |\n", escaped(mutant.id), escaped(mutant.reading),
                        escaped(mutant.words), escaped(mutant.agrees_when), mutant.agreed ? "" : ": it does **not**",
                        mutant.refuted ? "yes" : "**no**");
  }
  return text;
}

}  // namespace

std::string markdown_view(const RunReport& run) {
  const Summary summary = summarize(run);
  std::string text =
      fmt::format("# normproof report\n\nnormproof {}, effort {}, seed {}, {}, {}. Data: {}.\n\n", escaped(run.version),
                  escaped(run.effort), run.seed, escaped(run.compiler), escaped(run.cpu), escaped(run.data));
  if (!run.complete) {
    text += fmt::format("**Interrupted:** {} left undecided.\n\n",
                        counted(static_cast<long>(run.unfinished.size()), "claim was", "claims were"));
  }
  text += fmt::format("{}, {}: {}. {} of {} mutants refuted. {} from the ledger, {} without a record, {} stale. {}.\n",
                      counted(summary.claims, "claim", "claims"), counted(summary.readings, "reading", "readings"),
                      verdict_counts(summary), summary.mutants_refuted, summary.mutants,
                      counted(summary.differing, "differs", "differ"), summary.unrecorded, summary.stale,
                      duration_words(run.seconds));
  text += fmt::format("\n{}.\n", escaped(error_budget_words(run)));
  for (const ClaimReport& claim : run.claims) text += claim_section(run, claim);
  text += kill_matrix(run);
  if (!run.stale.empty()) text += "\n## In the ledger, but no reading any more\n\n";
  for (const StaleReading& stale : run.stale) {
    text += fmt::format("- {} / {} ({})\n", escaped(stale.claim), escaped(stale.reading), escaped(stale.recorded));
  }
  return text;
}

}  // namespace normproof::report
