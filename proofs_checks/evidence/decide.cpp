// Which verdict follows from what the engines found?
#include "proofs_checks/evidence/decide.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "proofs_checks/certificates/certificate.hpp"
#include "proofs_checks/certificates/frequency.hpp"
#include "proofs_checks/certificates/from_reading.hpp"
#include "proofs_checks/certificates/growth.hpp"
#include "proofs_checks/evidence/certified.hpp"
#include "proofs_checks/evidence/counterexample.hpp"
#include "proofs_checks/evidence/enumerated.hpp"
#include "proofs_checks/evidence/exact.hpp"
#include "proofs_checks/evidence/finite_difference.hpp"
#include "proofs_checks/evidence/growth.hpp"
#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/rounded.hpp"
#include "proofs_checks/evidence/searched.hpp"
#include "proofs_checks/evidence/statistical.hpp"

namespace normproof::evidence {

namespace {

const char* word(Witness witness) {
  switch (witness) {
    case Witness::theory: return "theory";
    case Witness::reference: return "reference";
    case Witness::definition: return "definition";
  }
  return "?";
}

std::vector<RecordedReading> record_all(const Reading& reading, const Hypothesis* extra = nullptr,
                                        const Formula* right = nullptr, const std::vector<Sizes>* sizes = nullptr) {
  std::vector<RecordedReading> per_size;
  for (const Sizes& size : every_size(reading, sizes != nullptr ? *sizes : reading.sizes))
    per_size.push_back(record_reading(reading, size, extra, right));
  return per_size;
}

std::vector<RecordedReading> of_sizes(const std::vector<RecordedReading>& per_size, const std::vector<Sizes>& wanted) {
  std::vector<RecordedReading> chosen;
  for (const RecordedReading& recorded : per_size)
    for (const Sizes& size : wanted)
      if (recorded.sizes == size) chosen.push_back(recorded);
  return chosen;
}

ReadingReport blank_report(const Reading& reading) {
  ReadingReport report;
  report.id = reading.id;
  report.statement = reading.statement;
  for (const Hypothesis& hypothesis : reading.hypotheses) report.hypotheses.push_back(hypothesis.sentence);
  report.algebraic_identity = reading.algebraic_identity;
  report.why = reading.why;
  if (!reading.frequency.event.empty()) {
    report.left_witness = report.right_witness = word(Witness::definition);
    report.left_words = "P(" + reading.frequency.event + "), counted";
    report.right_words =
        std::to_string(reading.frequency.numerator) + "/" + std::to_string(reading.frequency.denominator);
    report.relation = reading.frequency.at_least ? "≥" : "≤";
    return report;
  }
  if (is_growth(reading)) {
    report.left_witness = word(reading.left.witness);
    report.left_words = reading.left.words.empty() ? reading.growth.quantity : reading.left.words;
    report.right_witness = word(reading.right.witness);
    report.right_words = reading.right.words.empty() ? reading.growth.range : reading.right.words;
    report.relation = "∈";
    return report;
  }
  if (is_rounding(reading)) {
    report.left_witness = word(reading.left.witness);
    report.left_words = reading.left.words.empty() ? reading.rounding.quantity : reading.left.words;
    report.right_witness = word(reading.right.witness);
    report.right_words = reading.right.words.empty() ? reading.rounding.bound : reading.right.words;
    report.relation = "≤";
    return report;
  }
  report.left_witness = word(reading.left.witness);
  report.left_words = reading.left.words;
  report.right_witness = word(reading.right.witness);
  report.right_words = reading.right.words;
  report.relation = reading.relation == Relation::equal ? "=" : "≤";
  return report;
}

void add_counterexample(const std::string& claim_id, const Reading& reading, const Counterexample& found, long tried,
                        std::string method, ReadingReport& report) {
  Evidence evidence;
  evidence.grade = Grade::exact;
  evidence.supports = false;
  evidence.method = std::move(method);
  evidence.cases = tried;
  report.evidence.push_back(evidence);
  report.counterexamples.push_back(found);
  const RecordedReading recorded = record_reading(reading, found.sizes);
  if (certificates::can_certify(recorded, found))
    report.certificate = certificates::to_json(certificates::refutation(claim_id, reading, recorded, found));
}

// Adds the counterexample and its evidence; true where there is one.
bool refute(const std::string& claim_id, const Reading& reading, const std::vector<RecordedReading>& candidates,
            const Settings& settings, ReadingReport& report) {
  const auto start = std::chrono::steady_clock::now();
  CounterexampleSearch search = find_counterexample(claim_id + "/" + reading.id, reading, candidates, settings);
  if (!search.found) return false;
  add_counterexample(claim_id, reading, *search.found, search.tried,
                     "a counterexample in fractions, both sides evaluated exactly", report);
  report.evidence.back().seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return true;
}

ReadingReport decide_frequency(const std::string& claim_id, const Reading& reading, const Settings& settings) {
  ReadingReport report = blank_report(reading);
  FrequencyOutcome outcome = test_frequency(claim_id, reading, settings);
  report.verdict = outcome.verdict;
  report.trouble = outcome.trouble;
  report.evidence.push_back(std::move(outcome.evidence));
  if (outcome.verdict == Verdict::inconclusive) return report;
  const long divisor = std::gcd(reading.frequency.numerator, reading.frequency.denominator);
  certificates::FrequencyTest test;
  test.claim = claim_id;
  test.reading = reading.id;
  test.statement = reading.statement;
  test.event = reading.frequency.event;
  test.relation = report.relation;
  test.numerator = reading.frequency.numerator / divisor;
  test.denominator = reading.frequency.denominator / divisor;
  test.alpha = test_alpha;
  test.seed = settings.seed;
  test.happened = std::move(outcome.happened);
  test.verdict = word(outcome.verdict);
  report.certificate = certificates::to_json(test);
  return report;
}

ReadingReport decide_growing(const std::string& claim_id, const Reading& reading, const Settings& settings) {
  ReadingReport report = blank_report(reading);
  GrowthOutcome outcome = decide_growth(reading, settings);
  report.verdict = outcome.verdict;
  report.trouble = outcome.trouble;
  report.evidence = std::move(outcome.evidence);
  if (outcome.verdict == Verdict::inconclusive) return report;
  certificates::GrowthTest test;
  test.claim = claim_id;
  test.reading = reading.id;
  test.statement = reading.statement;
  test.quantity = reading.growth.quantity;
  test.range = reading.growth.range;
  test.alpha = test_alpha;
  test.effect_variance = effect_variance;
  test.seed = settings.seed;
  test.effort = word(settings.effort);
  for (const JudgedPoint& judged : outcome.points)
    test.points.push_back({.id = judged.id,
                           .problem = judged.problem,
                           .gamma = judged.gamma,
                           .a = judged.a,
                           .lowest = judged.lowest,
                           .highest = judged.highest,
                           .allowance_below = judged.allowance.below,
                           .allowance_above = judged.allowance.above,
                           .near_boundary = judged.near_boundary,
                           .sampled = judged.sampled,
                           .last_octave = judged.last_octave,
                           .groups = std::isnan(judged.theta) ? 0 : judged.moments.n,
                           .mean_last = judged.moments.mean_x,
                           .mean_earlier = judged.moments.mean_y,
                           .variance_last = judged.moments.var_x,
                           .variance_earlier = judged.moments.var_y,
                           .covariance = judged.moments.cov,
                           .relative_error = judged.relative_error,
                           .theta_low = judged.theta_low,
                           .theta_high = judged.theta_high,
                           .verdict = word(judged.verdict)});
  test.verdict = word(outcome.verdict);
  report.certificate = certificates::to_json(test);
  return report;
}

ReadingReport decide_rounded(const Reading& reading, const Settings& settings) {
  ReadingReport report = blank_report(reading);
  RoundingOutcome outcome = decide_rounding(reading, settings);
  report.verdict = outcome.verdict;
  report.trouble = std::move(outcome.trouble);
  report.evidence = std::move(outcome.evidence);
  return report;
}

// All inputs take finitely many values: nothing is drawn.
ReadingReport decide_finite(const std::string& claim_id, const Reading& reading,
                            const std::vector<RecordedReading>& per_size, const Settings& settings) {
  ReadingReport report = blank_report(reading);
  EnumeratedOutcome outcome = enumerate(reading, per_size, settings);
  report.evidence.push_back(outcome.evidence);
  report.trouble = outcome.trouble;
  if (outcome.counterexample) {
    add_counterexample(claim_id, reading, *outcome.counterexample, outcome.evidence.cases,
                       "a counterexample in fractions, the first of the space", report);
  }
  if (outcome.disagrees) report.verdict = Verdict::refuted;
  if (outcome.agrees) report.verdict = Verdict::holds;
  return report;
}

struct CertifiedRegions {
  bool all = false;  // each is certified at each of its sizes, and there is one at every size of the reading
  bool counterexample = false;
  std::string failure;  // on which box the reading certainly fails; empty where on none
  std::vector<std::string> certificates = {};
};

// The certificate of a region, if the recheck that its readers will run accepts it.
void add_region_certificate(const std::string& claim_id, const Reading& reading, const RecordedReading& recorded,
                            const Region& region, const RegionOutcome& outcome, Evidence& evidence,
                            std::vector<std::string>& texts) {
  const std::string text =
      certificates::to_json(certificates::region_proof(claim_id, reading, recorded, region, outcome.cover));
  const certificates::Recheck recheck = certificates::recheck(certificates::from_json(text));
  if (recheck.accepted)
    texts.push_back(text);
  else
    evidence.details.emplace_back("no_certificate_because", recheck.reason);
}

CertifiedRegions certify_regions(const std::string& claim_id, const Reading& reading,
                                 const std::vector<RecordedReading>& per_size, const Settings& settings,
                                 ReadingReport& report) {
  CertifiedRegions regions;
  regions.all = !reading.regions.empty();
  std::vector<Sizes> covered;
  if (regions.all && reading.relation != Relation::at_most)
    throw std::logic_error(reading.id + ": only an inequality has regions");
  for (const Region& region : reading.regions) {
    const std::vector<Sizes> wanted = every_size(reading, region.sizes);
    const std::vector<RecordedReading> at = wanted.empty() ? per_size : of_sizes(per_size, wanted);
    if (!wanted.empty() && at.size() != wanted.size())
      throw std::logic_error(reading.id + ": a region is at sizes that the reading has not");
    for (const RecordedReading& recorded : at) {
      const RegionOutcome outcome = certify(recorded, region, settings);
      report.evidence.push_back(outcome.evidence);
      regions.all = regions.all && outcome.certified;
      covered.push_back(recorded.sizes);
      if (outcome.certified)
        add_region_certificate(claim_id, reading, recorded, region, outcome, report.evidence.back(),
                               regions.certificates);
      if (!outcome.failing) continue;
      regions.failure = failure_words(recorded, region, *outcome.failing);
      const std::optional<Counterexample> found =
          counterexample_at(reading, recorded, whole_point(recorded, region, outcome.failing->point));
      if (!found) continue;
      add_counterexample(claim_id, reading, *found, 1, "a point of the box on which it fails, in fractions", report);
      regions.counterexample = true;
      return regions;
    }
  }
  const auto is_covered = [&](const RecordedReading& recorded) {
    return std::find(covered.begin(), covered.end(), recorded.sizes) != covered.end();
  };
  regions.all = regions.all && std::all_of(per_size.begin(), per_size.end(), is_covered);
  return regions;
}

ReadingReport decide_reading(const std::string& claim_id, const Reading& reading, const Settings& settings) {
  if (!reading.frequency.event.empty()) return decide_frequency(claim_id, reading, settings);
  if (is_growth(reading)) return decide_growing(claim_id, reading, settings);
  if (is_rounding(reading)) return decide_rounded(reading, settings);
  ReadingReport report = blank_report(reading);
  const std::string purpose = claim_id + "/" + reading.id;
  if (reading.sizes.empty()) throw std::logic_error(reading.id + ": a reading needs sizes");
  const std::vector<RecordedReading> per_size = record_all(reading);
  if (is_finite_space(per_size)) return decide_finite(claim_id, reading, per_size, settings);
  const bool at_most = reading.relation == Relation::at_most;
  const bool decided_exactly = !at_most || reading.gap;

  ExactOutcome exact;
  if (decided_exactly) {
    exact = decide_exactly(purpose, per_size, at_most ? WhatIsCompared::gap : WhatIsCompared::sides, settings);
    report.evidence.push_back(exact.evidence);
  }

  bool counterexample = false;
  if (exact.disagrees)
    counterexample =
        refute(claim_id, reading, at_most ? per_size : of_sizes(per_size, exact.differing), settings, report);
  else if (!decided_exactly)
    counterexample = refute(claim_id, reading, per_size, settings, report);
  CounterexampleSearch edges;
  if (exact.agrees) {
    edges = look_at_edges(purpose, reading, per_size, settings);
    if (edges.found)
      add_counterexample(claim_id, reading, *edges.found, edges.tried,
                         "a counterexample in fractions, on a set that random points miss", report);
    counterexample = edges.found.has_value();
  }

  CertifiedRegions regions;
  if (!counterexample) {
    regions = certify_regions(claim_id, reading, per_size, settings, report);
    counterexample = regions.counterexample;
  }

  const SearchOutcome search = evidence::search(claim_id, reading, per_size, settings);
  for (const Evidence& evidence : search.evidence) report.evidence.push_back(evidence);
  DifferenceOutcome differences;
  if (reading.left.path || reading.right.path) differences = difference(claim_id, reading, per_size, settings);
  for (const Evidence& evidence : differences.evidence) report.evidence.push_back(evidence);
  for (Evidence& evidence : report.evidence)
    if (evidence.cases == 0) evidence.supports = false;  // nothing was compared: it speaks for nothing
  const bool searched_well =
      search.planted_found && std::any_of(report.evidence.begin(), report.evidence.end(), [](const Evidence& evidence) {
        return evidence.grade == Grade::searched && evidence.supports;
      });
  const bool nothing_against = !search.violated && !differences.violated && regions.failure.empty();
  // Random points of a prime field have no order: they do not tell whether any real point satisfies the hypotheses.
  const bool some_point = search.inside + edges.tried > 0;
  const auto has_a_domain = [&](const Sizes& sizes) {
    return std::find(edges.inside.begin(), edges.inside.end(), sizes) != edges.inside.end();
  };
  const bool not_empty_after_all = std::any_of(exact.empty.begin(), exact.empty.end(), has_a_domain);

  const bool violated = search.violated || !regions.failure.empty();
  if (counterexample || (violated && (exact.disagrees || !decided_exactly))) {
    report.verdict = Verdict::refuted;
    if (!counterexample && search.violated)
      report.trouble = "refuted at a point of doubles, no small fractions found: " + search.violation;
    else if (!counterexample)
      report.trouble = "refuted by enclosures, no small fractions found: " + regions.failure;
  } else if (exact.agrees && !some_point) {
    report.trouble = "the exact engine agrees, but no real point was found that satisfies the hypotheses";
  } else if (exact.agrees && edges.without_gap > 0) {
    report.trouble = "the stated gap has no value at some points where both sides have one";
  } else if (exact.agrees && not_empty_after_all) {
    report.trouble = "the exact engine found no point at a size where there are some";
  } else if (exact.agrees && nothing_against) {
    report.verdict = Verdict::holds;
  } else if (!decided_exactly && nothing_against && (searched_well || (regions.all && some_point))) {
    report.verdict = Verdict::holds;
  } else if (exact.agrees) {
    report.trouble =
        "the exact engine agrees, floating point does not: " + (search.violated            ? search.violation
                                                                : !regions.failure.empty() ? regions.failure
                                                                                           : differences.violation);
  } else if (exact.disagrees) {
    report.trouble = at_most ? "the stated gap is not right − left, and no counterexample was found"
                             : "the sides differ modulo a prime, but no counterexample in fractions was found";
  } else {
    report.trouble = exact.trouble.empty() ? "a search found no violation, but missed its planted ones" : exact.trouble;
  }
  if (report.verdict == Verdict::holds && !regions.certificates.empty()) {
    report.certificate = regions.certificates.front();
    report.further_certificates.assign(regions.certificates.begin() + 1, regions.certificates.end());
  }
  return report;
}

// Neither proved nor refuted in fractions: what does a search by enclosures say?
DroppedHypothesis search_without(const std::string& claim_id, const Reading& without,
                                 const std::vector<RecordedReading>& per_size, const Settings& settings,
                                 DroppedHypothesis dropped, long* inside = nullptr) {
  const SearchOutcome search = evidence::search(claim_id, without, per_size, settings);
  if (inside != nullptr) *inside = search.inside;
  if (search.violated) {
    dropped.outcome = "fails";
    dropped.detail = "at a point of doubles, by enclosures: " + search.violation;
  } else if (search.planted_found) {
    dropped.outcome = "survives";
    dropped.detail = "as far as a search that found its planted violation can tell";
  } else {
    dropped.detail = "neither a proof nor a counterexample was found";
  }
  return dropped;
}

bool any_node(const std::vector<RecordedReading>& per_size, numbers::Operation operation) {
  return std::any_of(per_size.begin(), per_size.end(), [&](const RecordedReading& recorded) {
    return std::any_of(recorded.tape.nodes.begin(), recorded.tape.nodes.end(),
                       [&](const numbers::Node& node) { return node.operation == operation; });
  });
}

// Then, and only then, what differs modulo a prime differs at real points. The sign of x² + 1 is open in a prime field,
// roots may take the other sign there, and smooth functions have no laws of their own.
bool is_rational(const std::vector<RecordedReading>& per_size) {
  return !any_node(per_size, numbers::Operation::select_positive) &&
         !any_node(per_size, numbers::Operation::square_root) && !any_node(per_size, numbers::Operation::smooth);
}

// Is the reading still true, or where does it fail, without its hypothesis number `which`?
DroppedHypothesis drop(const std::string& claim_id, const Reading& reading, std::size_t which,
                       const Settings& settings) {
  DroppedHypothesis dropped;
  dropped.id = reading.hypotheses[which].id;
  dropped.sentence = reading.hypotheses[which].sentence;
  dropped.outcome = "undecided";
  const Reading without = without_hypothesis(reading, which);
  const std::string purpose = claim_id + "/" + without.id;
  const auto fails_at = [&](const Counterexample& found) {
    dropped.outcome = "fails";
    dropped.detail = "a counterexample in fractions";
    ReadingReport refuted;
    add_counterexample(claim_id, without, found, 1, "", refuted);
    dropped.counterexamples = refuted.counterexamples;
    dropped.certificate = refuted.certificate;
  };
  try {
    std::vector<RecordedReading> per_size = record_all(without);
    if (is_finite_space(per_size)) {
      const EnumeratedOutcome all = enumerate(without, per_size, settings);
      if (all.counterexample) fails_at(*all.counterexample);
      if (all.agrees) dropped.outcome = "survives", dropped.detail = "at every point of the finite space";
      if (all.disagrees && !all.counterexample)
        dropped.outcome = "fails", dropped.detail = "at a point of the finite space, by intervals";
      if (dropped.outcome == "undecided") dropped.detail = all.trouble;
      return dropped;
    }
    const bool at_most = reading.relation == Relation::at_most;
    ExactOutcome exact;
    if (!at_most || reading.gap)
      exact = decide_exactly(purpose, per_size, at_most ? WhatIsCompared::gap : WhatIsCompared::sides, settings);
    if (exact.agrees) {
      const CounterexampleSearch edges = look_at_edges(purpose, without, per_size, settings);
      if (edges.found) {
        fails_at(*edges.found);
        return dropped;
      }
      // What the reading itself must have to hold, it must have here: real points, and a gap wherever the sides are.
      const bool has_domain = std::none_of(exact.empty.begin(), exact.empty.end(), [&](const Sizes& sizes) {
        return std::find(edges.inside.begin(), edges.inside.end(), sizes) != edges.inside.end();
      });
      const bool decided = has_domain && edges.without_gap == 0;
      if (!decided || edges.tried == 0) {
        long inside = 0;
        const DroppedHypothesis searched = search_without(claim_id, without, per_size, settings, dropped, &inside);
        if (!decided || inside == 0 || searched.outcome == "fails") return searched;
      }
      dropped.outcome = "survives";
      dropped.detail = at_most ? "right − left is the same sum of squares" : "exactly";
      if (any_node(per_size, numbers::Operation::select_positive)) dropped.detail += ", off the kinks";
      return dropped;
    }
    if (exact.disagrees && !at_most) per_size = of_sizes(per_size, exact.differing);
    const CounterexampleSearch search = find_counterexample(purpose, without, per_size, settings);
    if (search.found)
      fails_at(*search.found);
    else if (exact.disagrees && !at_most && is_rational(per_size))
      dropped.outcome = "fails", dropped.detail = "the sides differ modulo a prime; no small fractions were found";
    else
      dropped = search_without(claim_id, without, per_size, settings, dropped);
    if (exact.disagrees && !at_most && dropped.outcome == "survives") {
      dropped.outcome = "undecided";
      dropped.detail = "the sides differ modulo a prime, but no real point was found where they do";
    }
  } catch (const std::exception& error) {
    dropped.detail = std::string("it cannot be dropped: ") + error.what();
  }
  return dropped;
}

void measure_mutant(const Reading& reading, const Mutant& mutant, const Settings& settings, MutantReport& report) {
  if (!mutant.points) throw std::logic_error(mutant.id + ": a near-miss of a rounding reading needs points");
  const NearMissOutcome outcome = try_near_miss(reading, mutant, settings);
  report.agreed = outcome.agreed;
  report.refuted = outcome.refuted;
  report.cases = outcome.cases;
}

// The near-miss against the claim's own right side on its natural case, and then in its place.
void compare_mutant(const std::string& claim_id, const Reading& original, const Mutant& mutant,
                    const Settings& settings, MutantReport& report) {
  const std::string purpose = claim_id + "/" + mutant.reading + "/" + mutant.id;
  Reading natural = original;
  natural.relation = Relation::equal;
  natural.gap = nullptr;
  natural.left = original.right;
  const std::vector<Sizes>* sizes = mutant.agreeing_sizes.empty() ? nullptr : &mutant.agreeing_sizes;
  report.agreed = decide_exactly(purpose + "/agreement", record_all(natural, &mutant.agrees_when, &mutant.right, sizes),
                                 WhatIsCompared::sides, settings)
                      .agrees;

  Reading mutated = original;
  mutated.gap = nullptr;
  mutated.right.formula = mutant.right;
  const std::vector<RecordedReading> per_size = record_all(mutated);
  if (original.relation == Relation::equal) {
    const ExactOutcome exact = decide_exactly(purpose, per_size, WhatIsCompared::sides, settings);
    report.refuted = exact.disagrees;
    report.cases = exact.evidence.cases;
  } else {
    const CounterexampleSearch search = find_counterexample(purpose, mutated, per_size, settings);
    report.refuted = search.found.has_value();
    report.cases = search.tried;
    if (report.refuted) return;
    // Where roots and smooth functions leave few points of fractions, or none: at a point of doubles, by enclosures.
    const SearchOutcome by_enclosures = evidence::search(claim_id, mutated, per_size, settings);
    report.refuted = by_enclosures.violated;
    report.cases += by_enclosures.inside;
  }
}

MutantReport decide_mutant(const std::string& claim_id, const Claim& claim, const Mutant& mutant,
                           const Settings& settings) {
  MutantReport report;
  report.id = mutant.id;
  report.reading = mutant.reading;
  report.words = mutant.words;
  report.agrees_when = mutant.agrees_when.sentence;
  const Reading* original = nullptr;
  for (const Reading& reading : claim.readings)
    if (reading.id == mutant.reading) original = &reading;
  if (original == nullptr) {
    report.trouble = "no reading is called " + mutant.reading;
    return report;
  }
  if (is_rounding(*original))
    measure_mutant(*original, mutant, settings, report);
  else
    compare_mutant(claim_id, *original, mutant, settings, report);
  if (!report.refuted) report.trouble = "the check does not tell this near-miss from the claim";
  if (!report.agreed) report.trouble = "it does not agree with the claim where it says so: a straw man";
  return report;
}

}  // namespace

ClaimReport decide(const std::string& id, const Claim& claim, const Settings& settings) {
  const auto start = std::chrono::steady_clock::now();
  bool cut_short = false;  // by a measurement that was asked to stop
  const auto interrupted = [&] {
    return cut_short || (settings.interrupted != nullptr && settings.interrupted->load());
  };
  ClaimReport report;
  report.id = id;
  report.title = claim.title;
  report.sources = claim.sources;
  report.notation = claim.notation;
  report.why = claim.why;
  for (const Reading& reading : claim.readings) {
    if (interrupted()) break;
    ReadingReport decided;
    try {
      decided = decide_reading(id, reading, settings);
    } catch (const Interrupted&) {
      cut_short = true;
    } catch (const std::exception& error) {
      decided = blank_report(reading);
      decided.trouble = std::string("the engines stopped: ") + error.what();
      report.trouble = reading.id + ": " + decided.trouble;  // an error of ours, whatever the ledger says
    }
    // Hypotheses of what is measured are sentences: its points are within them, and nothing is drawn that could be
    // without.
    if (decided.verdict == Verdict::holds && !is_growth(reading) && !is_rounding(reading))
      for (std::size_t k = 0; k < reading.hypotheses.size() && !interrupted(); ++k)
        if (!reading.hypotheses[k].definition) decided.dropped.push_back(drop(id, reading, k, settings));
    if (interrupted()) break;  // cut short: its evidence is not what this effort promises
    report.readings.push_back(decided);
  }
  for (const Mutant& mutant : claim.mutants) {
    if (interrupted()) break;
    try {
      report.mutants.push_back(decide_mutant(id, claim, mutant, settings));
    } catch (const Interrupted&) {
      cut_short = true;
    } catch (const std::exception& error) {
      MutantReport stopped;
      stopped.id = mutant.id;
      stopped.reading = mutant.reading;
      stopped.words = mutant.words;
      stopped.trouble = std::string("the engines stopped: ") + error.what();
      report.mutants.push_back(stopped);
    }
  }
  report.finished = !interrupted();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

}  // namespace normproof::evidence
