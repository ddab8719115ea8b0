// How are many claims decided at once, so that the outcome does not depend on how many?
#include "proofs_checks/cli/decide_all.hpp"

#include <exception>
#include <optional>

#include "proofs_checks/cli/in_parallel.hpp"
#include "proofs_checks/growth.hpp"

namespace normproof::cli {
namespace {

ClaimReport untouched(const std::string& id) {
  ClaimReport report;
  report.id = id;
  report.finished = false;
  return report;
}

ClaimReport stopped_by(const std::string& message, const std::string& id, const std::optional<Claim>& claim) {
  ClaimReport report;
  report.id = id;
  report.trouble = message.empty() ? "an exception without a message" : message;
  if (!claim) return report;
  report.title = claim->title;
  report.sources = claim->sources;
  report.notation = claim->notation;
  report.why = claim->why;
  for (const Reading& reading : claim->readings) {
    ReadingReport blank;
    blank.id = reading.id;
    blank.statement = reading.statement;
    for (const Hypothesis& hypothesis : reading.hypotheses) blank.hypotheses.push_back(hypothesis.sentence);
    blank.relation = reading.relation == Relation::equal ? "=" : "≤";
    blank.why = reading.why;
    blank.trouble = report.trouble;
    report.readings.push_back(std::move(blank));
  }
  for (const Mutant& mutant : claim->mutants) {
    MutantReport blank;
    blank.id = mutant.id;
    blank.reading = mutant.reading;
    blank.words = mutant.words;
    blank.agrees_when = mutant.agrees_when.sentence;
    blank.trouble = report.trouble;
    report.mutants.push_back(std::move(blank));
  }
  return report;
}

ClaimReport decide_one(const CatalogueEntry& entry, const Decide& decide, const evidence::Settings& settings) {
  const std::string id(entry.id);
  std::optional<Claim> claim;
  try {
    claim = entry.make();
    return decide(id, *claim, settings);
  } catch (const Interrupted&) {
    return untouched(id);
  } catch (const std::exception& error) {
    return stopped_by(error.what(), id, claim);
  } catch (...) {
    return stopped_by("", id, claim);
  }
}

}  // namespace

std::vector<ClaimReport> decide_all(const std::vector<CatalogueEntry>& claims, const Decide& decide,
                                    const evidence::Settings& settings, int jobs,
                                    const std::function<void(std::size_t finished)>& tick) {
  std::vector<ClaimReport> reports(claims.size());
  for (std::size_t k = 0; k < claims.size(); ++k) reports[k] = untouched(std::string(claims[k].id));
  in_parallel(
      claims.size(), jobs, settings.interrupted,
      [&](std::size_t k) { reports[k] = decide_one(claims[k], decide, settings); }, tick);
  return reports;
}

}  // namespace normproof::cli
