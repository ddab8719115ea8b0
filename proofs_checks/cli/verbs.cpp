// What does each verb do?
#include "proofs_checks/cli/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>

#include "impl/data/file_error.hpp"
#include "proofs_checks/certificates/certificate.hpp"
#include "proofs_checks/certificates/from_reading.hpp"
#include "proofs_checks/cli/decide_all.hpp"
#include "proofs_checks/cli/experiments.hpp"
#include "proofs_checks/cli/interruption.hpp"
#include "proofs_checks/cli/measuring.hpp"
#include "proofs_checks/cli/output_files.hpp"
#include "proofs_checks/cli/progress.hpp"
#include "proofs_checks/cli/selection.hpp"
#include "proofs_checks/cli/surroundings.hpp"
#include "proofs_checks/conformance/check.hpp"
#include "proofs_checks/evidence/growth.hpp"
#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/statistical.hpp"
#include "proofs_checks/inputs/data_set.hpp"
#include "proofs_checks/ledger.hpp"
#include "proofs_checks/report/catalogue_view.hpp"
#include "proofs_checks/report/comparison.hpp"
#include "proofs_checks/report/explanation.hpp"
#include "proofs_checks/report/summary.hpp"
#include "proofs_checks/report/terminal_view.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> ids(const std::vector<CatalogueEntry>& catalogue) {
  std::vector<std::string> names;
  names.reserve(catalogue.size());
  for (const CatalogueEntry& entry : catalogue) names.emplace_back(entry.id);
  return names;
}

std::vector<CatalogueEntry> selected(const std::vector<std::string>& globs, const Program& program) {
  std::vector<CatalogueEntry> chosen;
  for (const std::size_t k : select(globs, ids(program.catalogue), "claim")) chosen.push_back(program.catalogue[k]);
  return chosen;
}

evidence::DataSet data_set(const DecisionOptions& options) {
  if (options.input) return inputs::user_batch(*options.input);
  if (options.data) return inputs::real_data(*options.data, options.effort, options.seed);
  return inputs::generated_data(options.effort, options.seed);
}

std::string rerun_options(const DecisionOptions& options) {
  std::string text;
  const auto add = [&](const char* name, const std::optional<fs::path>& path) {
    if (!path) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", name, report::shell_quoted(path->string()));
  };
  add("--data", options.data);
  add("--input", options.input);
  add("--ledger", options.ledger);
  return text;
}

evidence::Settings settings_of(const DecisionOptions& options, const std::shared_ptr<const evidence::DataSet>& data,
                               const Measuring& measuring, const InterruptionWatch& watch) {
  evidence::Settings settings;
  settings.effort = options.effort;
  settings.seed = options.seed;
  settings.data = data;
  settings.interrupted = &watch.flag();
  settings.measurements = measuring.store();
  return settings;
}

measurements::JournalHeader journal_header(const DecisionOptions& options) {
  return {version(), options.seed, evidence::word(options.effort)};
}

int jobs_of(const DecisionOptions& options, const Program& program) {
  return options.jobs.value_or(default_jobs(program.ranks->on_this_machine()));
}

// Makes what can be measured before the claims are decided.
void measure(const std::vector<CatalogueEntry>& claims, const DecisionOptions& options,
             const evidence::Settings& settings, const Program& program, const Streams& streams, Measuring& measuring) {
  std::vector<evidence::MeasurementTask> tasks;
  for (const CatalogueEntry& entry : claims) {
    if (!program.measurement_tasks) break;
    try {
      const std::string id(entry.id);
      for (evidence::MeasurementTask& task : program.measurement_tasks(id, entry.make(), settings))
        tasks.push_back(std::move(task));
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): it is told when the claim is decided
    }
  }
  measuring.measure(std::move(tasks), jobs_of(options, program), *settings.interrupted,
                    progress_of_measurements(streams.err, streams.progress && !options.quiet));
}

// Everything that was decided, without regard to the ledger.
report::RunReport decide(const std::vector<CatalogueEntry>& claims, const DecisionOptions& options,
                         const evidence::Settings& settings, const Program& program, const Streams& streams) {
  report::RunReport run;
  run.version = version();
  run.effort = evidence::word(options.effort);
  run.compiler = compiler();
  run.cpu = cpu();
  run.data = inputs::words(*settings.data);
  run.seed = options.seed;
  run.rerun_options = rerun_options(options);
  {
    Progress progress(streams.err, streams.progress && !options.quiet, claims.size(), "claims");
    run.claims = decide_all(claims, program.decide, settings, jobs_of(options, program),
                            [&](std::size_t finished) { progress.show(finished); });
  }
  for (const ClaimReport& claim : run.claims) {
    if (!claim.finished) run.unfinished.push_back(claim.id);
  }
  const auto untouched = std::remove_if(run.claims.begin(), run.claims.end(), [](const ClaimReport& claim) {
    return !claim.finished && claim.readings.empty();
  });
  run.claims.erase(untouched, run.claims.end());
  run.complete = !settings.interrupted->load() && run.unfinished.empty();
  run.spent = report::statistical_error(run.claims);
  run.false_acceptance = report::exact_error(run.claims);
  return run;
}

// Claims on record that the catalogue does not have any more, among those that were asked for.
std::vector<std::string> vanished_claims(const Ledger& ledger, const std::vector<std::string>& globs,
                                         const Program& program) {
  std::vector<std::string> vanished;
  const std::vector<std::string> known = ids(program.catalogue);
  for (const auto& claim : ledger.claims) {
    if (std::find(known.begin(), known.end(), claim.first) != known.end()) continue;
    const bool asked = globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
                         return matches(glob, claim.first);
                       });
    if (asked) vanished.push_back(claim.first);
  }
  return vanished;
}

void compare_with(const Ledger& ledger, const std::vector<std::string>& globs, const Program& program,
                  report::RunReport& run) {
  const auto add_stale = [&](const ClaimReport& claim) {
    for (const std::string& reading : stale_readings(ledger, claim)) {
      run.stale.push_back({claim.id, reading, word(ledger.claims.at(claim.id).at(reading).verdict)});
    }
  };
  for (ClaimReport& claim : run.claims) {
    fill_recorded(ledger, claim);
    // A claim that was cut short, or could not even be made, says nothing about which readings it has.
    const bool readings_known = claim.finished && (claim.trouble.empty() || !claim.readings.empty());
    if (readings_known) add_stale(claim);
  }
  for (const std::string& id : vanished_claims(ledger, globs, program)) {
    ClaimReport vanished;
    vanished.id = id;
    add_stale(vanished);
  }
}

std::vector<report::ListedCheck> listed_checks(const std::vector<std::string>& globs) {
  const std::vector<conformance::NamedCheck> catalogue = conformance::check_catalogue();
  std::vector<std::string> names;
  names.reserve(catalogue.size());
  for (const conformance::NamedCheck& named : catalogue) names.push_back(named.id);
  std::vector<report::ListedCheck> chosen;
  for (const std::size_t k : select(globs, names, "check"))
    chosen.push_back({catalogue[k].id, catalogue[k].check.title, catalogue[k].check.why});
  return chosen;
}

std::vector<report::NamedClaim> named_claims(const std::vector<CatalogueEntry>& entries) {
  std::vector<report::NamedClaim> claims;
  claims.reserve(entries.size());
  for (const CatalogueEntry& entry : entries) claims.push_back({std::string(entry.id), entry.make()});
  return claims;
}

}  // namespace

int verify(const VerifyOptions& options, const Program& program, const Streams& streams) {
  const auto start = std::chrono::steady_clock::now();
  Ranks& ranks = *program.ranks;
  std::vector<CatalogueEntry> claims;
  Ledger ledger;
  std::shared_ptr<const evidence::DataSet> data;
  std::optional<Measuring> measuring;
  std::optional<OutputFiles> files;
  ranks.together([&] {
    claims = selected(options.decision.globs, program);
    ledger = ledger_to_compare(options.decision.ledger);  // decided without it; read now to fail early
    data = std::make_shared<const evidence::DataSet>(data_set(options.decision));
    measuring.emplace(journal_header(options.decision), options.out, options.resume, ranks);
    if (ranks.rank() == 0) files.emplace(options);
  });
  measuring->begin();
  if (options.resume && ranks.rank() == 0) remove_leftovers(*options.out);
  if (!options.decision.quiet && !measuring->resumed_words().empty())
    streams.err << fmt::format("normproof verify: {}\n", measuring->resumed_words());

  const InterruptionWatch watch;
  const evidence::Settings settings = settings_of(options.decision, data, *measuring, watch);
  measure(claims, options.decision, settings, program, streams, *measuring);
  if (ranks.rank() != 0) return exit_agrees;
  report::RunReport run = decide(claims, options.decision, settings, program, streams);
  compare_with(ledger, options.decision.globs, program, run);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  files->commit(run);

  report::TerminalOptions view;
  view.colour = streams.colour;
  view.quiet = options.decision.quiet;
  view.verbose = options.decision.verbose;
  view.place = files->place();
  streams.out << report::terminal_view(run, view);
  if (!run.complete) {
    if (options.out) streams.err << fmt::format("normproof verify: --resume {} goes on\n", options.out->string());
    return exit_interrupted;
  }
  return report::summarize(run).passes() ? exit_agrees : exit_differs;
}

int record(const RecordOptions& options, const Program& program, const Streams& streams) {
  const std::vector<CatalogueEntry> claims = selected(options.decision.globs, program);
  const fs::path file = ledger_to_write(options.decision.ledger);
  const auto ledger_now = [&] { return fs::exists(file) ? read_ledger(file) : Ledger{}; };
  ledger_now();
  const auto data = std::make_shared<const evidence::DataSet>(data_set(options.decision));
  report::FileReplacement replacement(file);
  Measuring measuring(journal_header(options.decision), std::nullopt, std::nullopt, *program.ranks);

  const InterruptionWatch watch;
  const evidence::Settings settings = settings_of(options.decision, data, measuring, watch);
  measure(claims, options.decision, settings, program, streams, measuring);
  const report::RunReport run = decide(claims, options.decision, settings, program, streams);
  if (!run.complete) {
    streams.err << "normproof record: interrupted; the ledger is as it was\n";
    return exit_interrupted;
  }
  for (const ClaimReport& claim : run.claims) {
    if (claim.trouble.empty()) continue;
    streams.err << report::one_line(
                       fmt::format("normproof record: {} could not be decided: {}; the ledger is as it was", claim.id,
                                   claim.trouble))
                << '\n';
    return exit_differs;
  }

  Ledger ledger = ledger_now();  // again: someone may have written it meanwhile
  std::vector<LedgerChange> changes;
  const auto add = [&](const ClaimReport& claim) {
    for (LedgerChange& change : normproof::record(ledger, claim, options.decision.effort, options.because)) {
      changes.push_back(std::move(change));
    }
  };
  for (const ClaimReport& claim : run.claims) add(claim);
  for (const std::string& id : vanished_claims(ledger, options.decision.globs, program)) {
    ClaimReport vanished;
    vanished.id = id;
    add(vanished);
  }
  if (changes.empty()) {
    streams.out << fmt::format("nothing changes in {}\n", file.string());
    return exit_agrees;
  }
  replacement.commit(ledger_text(ledger));
  for (const LedgerChange& change : changes) {
    const char mark = change.kind == LedgerChange::Kind::added     ? '+'
                      : change.kind == LedgerChange::Kind::changed ? '~'
                                                                   : '-';
    streams.out << fmt::format("{} {} / {}: {}\n", mark, change.claim, change.reading, change.words);
  }
  streams.out << fmt::format("{} written to {}\n",
                             report::counted(static_cast<long>(changes.size()), "change", "changes"), file.string());
  return exit_agrees;
}

int list(const ListOptions& options, const Program& program, const Streams& streams) {
  const bool want_claims = !options.experiments && !options.checks;
  std::vector<std::string> globs;
  if (options.glob) globs.push_back(*options.glob);
  std::vector<report::NamedClaim> claims;
  if (want_claims) claims = named_claims(selected(globs, program));
  std::vector<Experiment> chosen;
  if (options.experiments) {
    std::vector<std::string> names;
    names.reserve(program.experiments.size());
    for (const Experiment& experiment : program.experiments) names.push_back(experiment.id);
    for (const std::size_t k : select(globs, names, "experiment")) chosen.push_back(program.experiments[k]);
  }
  std::vector<report::ListedCheck> checks;
  if (options.checks) checks = listed_checks(globs);
  const std::vector<report::ListedCheck>* const checks_if_wanted = options.checks ? &checks : nullptr;
  const Ledger ledger = want_claims ? ledger_to_compare(options.ledger) : Ledger{};

  if (options.json) {
    streams.out << (options.experiments ? list_json(chosen, checks_if_wanted)
                                        : report::list_json(want_claims ? &claims : nullptr, ledger, checks_if_wanted));
    return exit_agrees;
  }
  if (want_claims) streams.out << report::list_view(claims, ledger);
  if (options.experiments) streams.out << list_view(chosen);
  if (options.checks) streams.out << report::list_view(checks);
  return exit_agrees;
}

int explain(const ExplainOptions& options, const Program& program, const Streams& streams) {
  for (const CatalogueEntry& entry : program.catalogue) {
    if (entry.id != options.claim) continue;
    const Claim claim = entry.make();
    const evidence::Settings settings = {.effort = evidence::Effort::quick};
    ClaimReport decided = program.decide(options.claim, claim, settings);
    fill_recorded(ledger_to_compare(options.ledger), decided);
    streams.out << report::explanation(claim, decided, evidence::word(settings.effort));
    return exit_agrees;
  }
  const std::string near = nearest(options.claim, ids(program.catalogue));
  throw UsageError(fmt::format("no claim is called {}{}", options.claim,
                               near.empty() ? "" : fmt::format("; the nearest is {}", near)));
}

int diff(const DiffOptions& options, const Streams& streams) {
  const report::Comparison comparison = report::compare_reports(options.before, options.after);
  streams.out << report::comparison_view(comparison);
  return comparison.worse() ? exit_differs : exit_agrees;
}

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file && text.empty()) throw data::FileError(path, "a certificate", "nothing that can be read");
  return text;
}

using certificates::Refutation;
using certificates::RegionProof;

bool is_own(const Refutation& certificate, const Reading& reading) {
  Counterexample point;
  point.inputs = certificate.inputs;
  point.entry = certificate.entry;
  point.relation = reading.relation == Relation::equal ? "=" : "≤";
  const Refutation own =
      certificates::refutation(certificate.claim, reading, evidence::record_reading(reading, certificate.sizes), point);
  return own.program == certificate.program && own.positive == certificate.positive &&
         own.nonnegative == certificate.nonnegative && own.left == certificate.left && own.right == certificate.right &&
         own.entry == certificate.entry && own.relation == certificate.relation &&
         own.statement == certificate.statement;
}

// Of one of the reading's regions?
bool is_own(const RegionProof& certificate, const Reading& reading) {
  const evidence::RecordedReading recorded = evidence::record_reading(reading, certificate.sizes);
  return std::any_of(reading.regions.begin(), reading.regions.end(), [&](const Region& region) {
    return region.words == certificate.region &&
           certificates::region_proof(certificate.claim, reading, recorded, region, {}).proves_the_same_as(certificate);
  });
}

bool is_own(const certificates::FrequencyTest& certificate, const Reading& reading) {
  const Frequency& stated = reading.frequency;
  return stated.event == certificate.event && certificate.alpha == evidence::test_alpha &&
         reading.statement == certificate.statement && certificate.relation == (stated.at_least ? "≥" : "≤") &&
         stated.numerator * certificate.denominator == stated.denominator * certificate.numerator;
}

bool is_own(const certificates::GrowthTest& certificate, const Reading& reading) {
  const Growth& stated = reading.growth;
  return is_growth(reading) && stated.quantity == certificate.quantity && stated.range == certificate.range &&
         reading.statement == certificate.statement && certificate.alpha == evidence::test_alpha &&
         certificate.effect_variance == evidence::effect_variance;
}

// Is the certificate's program this version's formula of the reading? An empty string, or why not.
std::string other_formula(const certificates::Certificate& certificate, const Program& program) {
  const certificates::Heading& heading = certificates::heading(certificate);
  const auto entry = std::find_if(program.catalogue.begin(), program.catalogue.end(),
                                  [&](const CatalogueEntry& candidate) { return candidate.id == heading.claim; });
  if (entry == program.catalogue.end()) return "no claim is called " + heading.claim;
  const Claim claim = entry->make();
  const std::optional<Reading> reading = evidence::find_reading(claim, heading.reading);
  if (!reading) return heading.claim + " has no reading called " + heading.reading;
  const std::vector<Sizes> decided = evidence::every_size(*reading, reading->sizes);
  const bool has_sizes = reading->frequency.event.empty() && !is_growth(*reading);
  if (has_sizes && std::find(decided.begin(), decided.end(), heading.sizes) == decided.end())
    return "the reading is not decided at these sizes";
  try {
    const bool own = std::visit([&](const auto& of_a_kind) { return is_own(of_a_kind, *reading); }, certificate);
    return own ? "" : "its program, statement or region is not this version's of " + heading.reading;
  } catch (const std::exception&) {
    return "its inputs or entry are not those of " + heading.reading;
  }
}

}  // namespace

int recheck(const RecheckOptions& options, const Program& program, const Streams& streams) {
  // All are read before one is judged: a malformed file is a wrong call.
  std::vector<certificates::Certificate> read;
  for (const std::filesystem::path& file : options.files) {
    try {
      read.push_back(certificates::from_json(text_of(file)));
    } catch (const certificates::Malformed& malformed) {
      throw UsageError(fmt::format("{}: {}", file.string(), malformed.what()));
    }
  }
  std::size_t accepted = 0;
  for (std::size_t k = 0; k < read.size(); ++k) {
    certificates::Recheck result = certificates::recheck(read[k]);
    if (result.accepted) {
      const std::string trouble = other_formula(read[k], program);
      if (!trouble.empty()) result = {false, trouble};
    }
    accepted += result.accepted ? 1U : 0U;
    streams.out << fmt::format("{} {}: {}\n", result.accepted ? "accepted" : "REJECTED", options.files[k].string(),
                               result.reason);
  }
  streams.out << fmt::format("{} of {} accepted\n", accepted, read.size());
  return accepted == read.size() ? exit_agrees : exit_differs;
}

}  // namespace normproof::cli
