// How is the page of one claim laid out?
#include "proofs_checks/report/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "proofs_checks/report/summary.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

constexpr int page_columns = 100;
constexpr int indent = 2;
constexpr int inner = 2 * indent;
constexpr int hanging = inner + indent;

class Page {
 public:
  Page(const Claim& claim, const ClaimReport& decided, const std::string& effort)
      : claim_(claim), decided_(decided), effort_(effort) {}

  std::string text() {
    text_ = decided_.id + "\n\n";
    add(claim_.title, 0);
    section("Printed in", sources());
    section("Notation", claim_.notation);
    section("In plain words", claim_.explain);
    readings("What holds", Verdict::holds);
    readings("What does not hold", Verdict::refuted);
    readings("Not decided", Verdict::inconclusive);
    readings("Not checkable here", Verdict::not_checkable);
    section("Why (a proof sketch)", claim_.why);
    near_misses();
    section(
        "To decide it with more effort",
        fmt::format("normproof verify {} --effort standard --verbose; with --out DIR, certificates too", decided_.id));
    return text_;
  }

 private:
  void add(const std::string& words, int columns) {
    const std::string blanks(static_cast<std::size_t>(columns), ' ');
    for (const std::string& line : wrapped(one_line(words), page_columns - columns)) {
      text_ += line.empty() ? "\n" : blanks + line + "\n";
    }
  }

  void section(const char* heading, const std::string& words) {
    if (words.empty()) return;
    text_ += fmt::format("\n{}\n", heading);
    add(words, indent);
  }

  std::string sources() const {
    std::string words;
    for (const Source& source : claim_.sources)
      words += fmt::format("{}{} {}", words.empty() ? "" : "; ", source.document, source.locator);
    return words;
  }

  void readings(const char* heading, Verdict verdict) {
    bool first = true;
    for (const ReadingReport& reading : decided_.readings) {
      if (reading.verdict != verdict) continue;
      if (first) text_ += fmt::format("\n{}\n", heading);
      first = false;
      add_reading(reading);
    }
  }

  void add_reading(const ReadingReport& reading) {
    text_ += fmt::format("\n  {}\n", reading.id);
    add(reading.statement, inner);
    for (const std::string& hypothesis : reading.hypotheses) add("where " + hypothesis, hanging);
    if (!reading.why.empty()) add("Why: " + reading.why, inner);
    for (const Counterexample& counterexample : reading.counterexamples)
      add("Smallest counterexample in fractions: " + counterexample_words(counterexample) + ".", inner);
    if (!reading.trouble.empty()) add("Trouble: " + reading.trouble + ".", inner);
    std::string evidence = witness_words(reading);
    for (const GradeTotal& total : totals_by_grade(reading))
      evidence += (evidence.empty() ? "" : " · ") + words(total, reading.verdict);
    add("Evidence: " + evidence + ".", inner);
    for (const Evidence& piece : reading.evidence) add_region(piece);
    for (const DroppedHypothesis& dropped : reading.dropped) add_dropped(dropped);
    const std::string standing = standing_words(reading, effort_);
    if (!standing.empty()) add("Record: " + standing + ".", inner);
  }

  void add_region(const Evidence& evidence) {
    if (evidence.grade != Grade::certified || !evidence.supports) return;
    const auto words_of = [&](const std::string& name) {
      for (const Detail& fact : evidence.details)
        if (fact.first == name)
          return std::visit([](const auto& value) { return fmt::format("{}", value); }, fact.second);
      return std::string("?");
    };
    add(fmt::format("Certified over: {} ({}): {} boxes, right − left at least {}.", words_of("region"),
                    words_of("covers"), words_of("boxes"), words_of("smallest_margin")),
        inner);
  }

  void add_dropped(const DroppedHypothesis& dropped) {
    std::string words = fmt::format("Without \"{}\": {}", dropped.sentence, dropped.outcome);
    if (!dropped.counterexamples.empty())
      words += ", " + counterexample_words(dropped.counterexamples.front());
    else if (!dropped.detail.empty())
      words += ", " + dropped.detail;
    add(words + ".", inner);
  }

  void near_misses() {
    if (claim_.mutants.empty()) return;
    text_ += "\nNear-misses, which the check must tell from the claim\n";
    for (const MutantReport& mutant : decided_.mutants)
      add(fmt::format("{} (of {}): {}; agrees where {}; {}", mutant.id, mutant.reading, mutant.words,
                      mutant.agrees_when, mutant.refuted ? "refuted" : "NOT refuted"),
          indent);
  }

  const Claim& claim_;
  const ClaimReport& decided_;
  const std::string& effort_;
  std::string text_;
};

}  // namespace

std::string explanation(const Claim& claim, const ClaimReport& decided, const std::string& effort) {
  return Page(claim, decided, effort).text();
}

}  // namespace normproof::report
