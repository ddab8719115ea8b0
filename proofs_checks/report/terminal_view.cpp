// How does a run read on a terminal of 100 columns?
#include "proofs_checks/report/terminal_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>
#include <vector>

#include "proofs_checks/report/summary.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

constexpr int screen_columns = 100;
constexpr int verdict_columns = 14;  // "not checkable" and a blank
constexpr int shortest_id_columns = 12;
constexpr int longest_id_columns = 34;
constexpr int margin_columns = 2;  // the mark of a failure and a blank
constexpr int detail_indent = margin_columns + verdict_columns;

enum class Colour { none = 0, bold = 1, red = 31, green = 32, yellow = 33, magenta = 35 };

Colour colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds: return Colour::green;
    case Verdict::refuted: return Colour::magenta;
    case Verdict::inconclusive:
    case Verdict::not_checkable: return Colour::yellow;
  }
  return Colour::none;
}

std::string spoken(Verdict verdict) { return verdict == Verdict::not_checkable ? "not checkable" : word(verdict); }

std::string detail_words(const Detail& detail) {
  return std::visit([&](const auto& value) { return fmt::format("{} {}", detail.first, value); }, detail.second);
}

class Page {
 public:
  Page(const RunReport& run, const TerminalOptions& options) : run_(run), options_(options) {}

  std::string text() {
    line(fmt::format("normproof {} · effort {} · seed {} · {}", run_.version, run_.effort, run_.seed,
                     counted(static_cast<long>(run_.claims.size()), "claim", "claims")));
    for (const ClaimReport& claim : run_.claims) {
      const Summary summary = summarize(claim, run_.effort);
      if (!options_.quiet || !summary.passes()) add_claim(claim, summary);
    }
    add_stale();
    add_totals();
    add_failures();
    return text_;
  }

 private:
  void line(const std::string& words) { text_ += words + "\n"; }

  std::string painted(const std::string& words, Colour colour) const {
    if (!options_.colour || colour == Colour::none) return words;
    return fmt::format("\x1b[{}m{}\x1b[0m", static_cast<int>(colour), words);
  }

  // Pieces between which alone a line may break.
  void indented_pieces(const std::vector<std::string>& pieces) {
    std::string current;
    const auto end_line = [&] {
      line(std::string(detail_indent, ' ') + current);
      current.clear();
    };
    for (const std::string& piece : pieces) {
      if (!current.empty() && columns_of(current) + 1 + columns_of(piece) > screen_columns - detail_indent) end_line();
      current += (current.empty() ? "" : " ") + one_line(piece);
    }
    end_line();
  }

  // Long text below a reading's line, in its own column.
  void indented(const std::string& words, int indent = detail_indent, Colour colour = Colour::none) {
    const std::string blanks(static_cast<std::size_t>(indent), ' ');
    for (const std::string& piece : wrapped(one_line(words), screen_columns - indent)) {
      line(blanks + painted(piece, colour));
    }
  }

  void add_claim(const ClaimReport& claim, const Summary& summary) {
    line("");
    line(fmt::format("{}{}: {}; {} of {} mutants refuted; {}", summary.passes() ? "" : "! ",
                     painted(claim.id, Colour::bold), verdict_counts(summary), summary.mutants_refuted, summary.mutants,
                     duration_words(claim.seconds)));
    indented(claim.title, margin_columns);
    if (!claim.trouble.empty()) indented("not decided: " + claim.trouble, margin_columns, Colour::red);
    int id_columns = shortest_id_columns;
    for (const ReadingReport& reading : claim.readings) {
      id_columns = std::max(id_columns, std::min(columns_of(reading.id), longest_id_columns));
    }
    for (const ReadingReport& reading : claim.readings) add_reading(reading, id_columns);
    for (const MutantReport& mutant : claim.mutants) {
      if (options_.verbose || (fails(mutant) && claim.trouble.empty())) add_mutant(mutant);
    }
  }

  void add_reading(const ReadingReport& reading, int id_columns) {
    const Standing stands = standing(reading, run_.effort);
    const bool fails = stands == Standing::differs || stands == Standing::unrecorded;
    const std::string verdict = padded(spoken(reading.verdict), verdict_columns);
    const std::string id = padded(reading.id, id_columns) + "  ";
    const int rest = std::max(screen_columns - margin_columns - verdict_columns - columns_of(id), shortest_id_columns);
    const std::string statement = one_line(reading.statement);
    line(fmt::format("{}{}{}{}", fails ? "! " : "  ", painted(verdict, colour_of(reading.verdict)), id,
                     options_.verbose ? "" : cut(statement, rest)));
    if (options_.verbose) {
      indented(statement);
      for (const std::string& hypothesis : reading.hypotheses) indented("where " + hypothesis);
      indented(fmt::format("left: {}, {}", reading.left_witness, reading.left_words));
      indented(fmt::format("right: {}, {}", reading.right_witness, reading.right_words));
    }
    add_evidence_line(reading);
    if (options_.verbose) {
      for (const Evidence& evidence : reading.evidence) add_evidence(evidence);
    }
    for (const Counterexample& counterexample : reading.counterexamples) {
      std::vector<std::string> pieces = counterexample_pieces(counterexample);
      pieces.insert(pieces.begin(), "smallest counterexample in fractions:");
      indented_pieces(pieces);
    }
    if (options_.verbose) {
      for (const DroppedHypothesis& dropped : reading.dropped) add_dropped(dropped);
    }
    if (!reading.trouble.empty()) indented(reading.trouble);
    if (options_.verbose && !reading.why.empty()) indented("why: " + reading.why);
    const std::string words = standing_words(reading, run_.effort);
    if (!words.empty()) indented(words, detail_indent, fails ? Colour::red : Colour::none);
  }

  void add_evidence_line(const ReadingReport& reading) {
    std::vector<std::string> pieces;
    for (const GradeTotal& total : totals_by_grade(reading)) pieces.push_back(words(total, reading.verdict));
    if (pieces.empty()) pieces.emplace_back("no evidence");
    const std::string witnesses = witness_words(reading);
    if (!witnesses.empty()) pieces.insert(pieces.begin(), witnesses);
    for (std::size_t k = 0; k + 1 < pieces.size(); ++k) pieces[k] += " ·";
    indented_pieces(pieces);
  }

  void add_evidence(const Evidence& evidence) {
    std::string words =
        fmt::format("- {}: {}; {}", word(evidence.grade), evidence.method, counted(evidence.cases, "case", "cases"));
    if (evidence.degenerate > 0) words += fmt::format(", {} degenerate", evidence.degenerate);
    if (evidence.outside > 0) words += fmt::format(", {} outside", evidence.outside);
    words += "; " + duration_words(evidence.seconds);
    for (const Detail& detail : evidence.details) words += "; " + detail_words(detail);
    indented(words);
  }

  void add_dropped(const DroppedHypothesis& dropped) {
    std::vector<std::string> pieces = {fmt::format("without \"{}\": {},", dropped.sentence, dropped.outcome)};
    if (dropped.counterexamples.empty()) {
      pieces.push_back(dropped.detail);
    } else {
      for (std::string& piece : counterexample_pieces(dropped.counterexamples.front())) pieces.push_back(piece);
    }
    indented_pieces(pieces);
  }

  void add_mutant(const MutantReport& mutant) {
    const bool failing = fails(mutant);
    line(fmt::format(
        "{}{}{}: {}", failing ? "! " : "  ",
        painted(padded(mutant.refuted ? "mutant" : "survivor", verdict_columns), failing ? Colour::red : Colour::none),
        mutant.id, one_line(mutant.words)));
    std::string words = fmt::format("of {}; {}; {} where {}", mutant.reading, counted(mutant.cases, "case", "cases"),
                                    mutant.agreed ? "agrees" : "should agree, but does not,", mutant.agrees_when);
    if (!mutant.trouble.empty()) words += "; " + mutant.trouble;
    indented(words);
  }

  void add_stale() {
    if (run_.stale.empty()) return;
    line("");
    for (const StaleReading& stale : run_.stale) {
      line(fmt::format("! {} has no reading {} any more, which the ledger has as {}", stale.claim, stale.reading,
                       stale.recorded));
    }
  }

  void add_totals() {
    const Summary summary = summarize(run_);
    line("");
    line(fmt::format("{} of {}: {}", counted(summary.readings, "reading", "readings"),
                     counted(summary.claims, "claim", "claims"), verdict_counts(summary)));
    std::string mutants = fmt::format("{} of {} mutants refuted", summary.mutants_refuted, summary.mutants);
    if (summary.straw_mutants > 0) mutants += fmt::format(", {} not near-misses", summary.straw_mutants);
    line(mutants);
    std::string ledger =
        fmt::format("against the ledger: {} differing, {} without a record", summary.differing, summary.unrecorded);
    if (summary.stale > 0) ledger += fmt::format(", {} stale", summary.stale);
    if (summary.agreeing_below_effort > 0) {
      ledger += fmt::format(", {} inconclusive below the effort of the record", summary.agreeing_below_effort);
    }
    line(ledger);
    if (summary.troubled > 0) {
      line(fmt::format("{} could not be decided", counted(summary.troubled, "claim", "claims")));
    }
    indented(error_budget_words(run_), 0);
    indented("data: " + run_.data, 0);
    std::string end = duration_words(run_.seconds);
    if (!options_.place.empty()) end += " · report: " + options_.place;
    line(end);
    if (!run_.complete) {
      line(fmt::format("interrupted: {} left undecided",
                       counted(static_cast<long>(run_.unfinished.size()), "claim was", "claims were")));
    }
  }

  void add_failures() {
    const std::vector<std::string> failing = failing_claims(run_);
    if (failing.empty()) return;
    line("");
    line("to decide a failing claim again, alone:");
    for (const std::string& id : failing) line("  " + rerun_command(run_, id));
  }

  const RunReport& run_;
  const TerminalOptions& options_;
  std::string text_;
};

}  // namespace

std::string terminal_view(const RunReport& run, const TerminalOptions& options) { return Page(run, options).text(); }

}  // namespace normproof::report
