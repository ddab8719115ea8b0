// What does each verb's command line ask for?
#include "proofs_checks/cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <limits>

#include "proofs_checks/ledger.hpp"

namespace normproof::cli {
namespace {

template <class Integer>
std::optional<Integer> decimal(const std::string& text) {
  Integer value = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || last != end) return std::nullopt;
  return value;
}

// One verb's line: options as words, their meaning read after CLI11 has taken the line apart.
class Line {
 public:
  Line(const std::string& verb, const std::string& description) : app_(description, "normproof " + verb) {}

  CLI::App& app() { return app_; }

  // An option with one value, which CLI11 wants to see at most once.
  void word(const char* name, std::string& value, const char* type, const std::string& description) {
    app_.add_option(name, value, description)->type_name(type);
  }

  void parse(std::vector<std::string> arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 takes them
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
      throw HelpWanted{app_.help()};
    } catch (const CLI::ParseError& error) {
      throw UsageError(error.what());
    }
  }

  bool given(const char* name) const { return app_.count(name) > 0; }

  // The value as a path; absent where the option was not given.
  std::optional<std::filesystem::path> path(const char* name, const std::string& value) const {
    if (!given(name)) return std::nullopt;
    if (value.empty()) throw UsageError(fmt::format("{}: expected a path, found nothing", name));
    return value;
  }

 private:
  CLI::App app_;
};

// What verify, record and reproduce have in common.
struct WorkWords {
  std::string effort = "standard", seed = "0", jobs, data;
};

void add_work_options(Line& line, WorkWords& words) {
  line.word("--effort", words.effort, "quick|standard|deep", "how much work to spend (standard)");
  line.word("--seed", words.seed, "N", "where random choices start, 0 to 2^64 - 1 (0)");
  line.word("--jobs", words.jobs, "N", "how many threads (as many as there are processors, shared among the ranks)");
  line.word("--data", words.data, "DIR", "a directory with MNIST's four IDX files; without it, generated digits");
}

template <class Options>
void read_work_options(const Line& line, Options& options, const WorkWords& words) {
  const auto effort = effort_named(words.effort);
  if (!effort) throw UsageError(fmt::format("--effort {}: expected quick, standard or deep", words.effort));
  options.effort = *effort;
  const auto seed = decimal<std::uint64_t>(words.seed);
  if (!seed) {
    throw UsageError(fmt::format("--seed {}: expected a decimal number from 0 to {}", words.seed,
                                 std::numeric_limits<std::uint64_t>::max()));
  }
  options.seed = *seed;
  if (line.given("--jobs")) {
    options.jobs = decimal<int>(words.jobs);
    if (options.jobs.value_or(0) < 1)
      throw UsageError(fmt::format("--jobs {}: expected a whole number, at least 1", words.jobs));
  }
  options.data = line.path("--data", words.data);
}

struct DecisionWords {
  WorkWords work;
  std::string input, ledger;
};

void add_decision_options(Line& line, DecisionOptions& options, DecisionWords& words) {
  line.app().add_option("GLOB", options.globs, "which claims, by patterns such as 'bn_*'; all of them by default");
  add_work_options(line, words.work);
  line.word("--input", words.input, "FILE.npy", "a batch of your own, rows x channels, instead of --data");
  line.word("--ledger", words.ledger, "FILE", "the recorded verdicts, where not this version's own");
  line.app().add_flag("--quiet", options.quiet, "show what fails and the totals, no progress");
  line.app().add_flag("--verbose", options.verbose, "show every piece of evidence and every mutant");
}

void read_decision_options(const Line& line, DecisionOptions& options, const DecisionWords& words) {
  read_work_options(line, options, words.work);
  options.input = line.path("--input", words.input);
  options.ledger = line.path("--ledger", words.ledger);
  if (options.data && options.input) throw UsageError("--data and --input: expected one of them, found both");
  if (options.quiet && options.verbose) throw UsageError("--quiet and --verbose: expected one of them, found both");
}

}  // namespace

VerifyOptions parse_verify(const std::vector<std::string>& arguments) {
  VerifyOptions options;
  DecisionWords words;
  std::string out, json, junit, resume;
  Line line("verify",
            "Decide claims and hold each verdict against the ledger. Exit status: 0 all agree and every mutant is\n"
            "refuted, 1 not so, 2 the call was wrong, 130 interrupted.");
  add_decision_options(line, options.decision, words);
  line.word("--out", out, "DIR", "write report.json, junit.xml, report.md, certificates/ and journal/ there");
  line.word("--json", json, "FILE", "write the report as JSON");
  line.word("--junit", junit, "FILE", "write the report as JUnit XML");
  line.word("--resume", resume, "DIR", "go on with the measurements of an earlier run's --out; write there, too");
  line.parse(arguments);
  read_decision_options(line, options.decision, words);
  options.out = line.path("--out", out);
  options.json = line.path("--json", json);
  options.junit = line.path("--junit", junit);
  options.resume = line.path("--resume", resume);
  if (!options.out) options.out = options.resume;
  return options;
}

RecordOptions parse_record(const std::vector<std::string>& arguments) {
  RecordOptions options;
  DecisionWords words;
  Line line("record", "Decide claims and write their verdicts into the ledger. Prints what changes there.");
  add_decision_options(line, options.decision, words);
  line.word("--because", options.because, "TEXT", "the reason, kept beside each changed verdict (required)");
  line.parse(arguments);
  read_decision_options(line, options.decision, words);
  if (options.because.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw UsageError("--because: expected the reason for the record, found nothing");
  }
  return options;
}

ListOptions parse_list(const std::vector<std::string>& arguments) {
  ListOptions options;
  std::string glob, ledger;
  Line line("list", "Show claims with their sources, readings and recorded verdicts.");
  line.app().add_option("GLOB", glob, "which ones, by a pattern such as 'bn_*'; all of them by default");
  line.app().add_flag("--json", options.json, "as JSON (schema normproof.list.v1)");
  line.app().add_flag("--experiments", options.experiments, "show experiments instead");
  line.app().add_flag("--checks", options.checks, "show the checks of kernels instead");
  line.word("--ledger", ledger, "FILE", "the recorded verdicts, where not this version's own");
  line.parse(arguments);
  if (line.given("GLOB")) options.glob = glob;
  options.ledger = line.path("--ledger", ledger);
  return options;
}

ExplainOptions parse_explain(const std::vector<std::string>& arguments) {
  ExplainOptions options;
  std::string ledger;
  Line line("explain", "Show one claim in full: statement, hypotheses, readings, proof sketch, mutants.");
  line.app().add_option("CLAIM", options.claim, "its id, as list shows it");
  line.word("--ledger", ledger, "FILE", "the recorded verdicts, where not this version's own");
  line.parse(arguments);
  if (options.claim.empty()) throw UsageError("expected the id of a claim, found none");
  options.ledger = line.path("--ledger", ledger);
  return options;
}

DiffOptions parse_diff(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  Line line("diff", "Show what changed between two reports (verify --json). Exit status: 1 where something got worse.");
  line.app().add_option("REPORT", files, "the earlier and the later report.json");
  line.parse(arguments);
  if (files.size() != 2)
    throw UsageError(fmt::format("expected two reports, A.json and B.json, found {}", files.size()));
  return {files[0], files[1]};
}

RecheckOptions parse_recheck(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  Line line("recheck",
            "Redo the arithmetic of certificates from their files alone. Exit status: 1 where one is rejected.");
  line.app().add_option("CERTIFICATE", files, "files that verify --out wrote into certificates/");
  line.parse(arguments);
  if (files.empty()) throw UsageError("expected certificates, found none");
  return {{files.begin(), files.end()}};
}

ReproduceOptions parse_reproduce(const std::vector<std::string>& arguments) {
  ReproduceOptions options;
  std::vector<std::string> set;
  std::string out, resume;
  WorkWords words;
  Line line(
      "reproduce",
      "Measure again what a figure or table of a paper shows; list --experiments says which are built. Writes the\n"
      "data as CSV, and SVG where gnuplot is installed. Exit status: 0 done, 1 what is concluded from it is not\n"
      "what was measured, 2 the call was wrong, 130 interrupted.");
  line.app().add_option("EXPERIMENT", options.experiment, "its id, as list --experiments shows it");
  line.app()
      .add_option("--set", set, "a parameter of the experiment; may be given again")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  add_work_options(line, words);
  line.word("--out", out, "DIR", "where the files go (a folder here that is called like the experiment)");
  line.word("--resume", resume, "DIR", "go on with the measurements of an earlier run's --out; write there, too");
  line.app().add_flag("--quiet", options.quiet, "no progress");
  line.parse(arguments);
  if (options.experiment.empty()) throw UsageError("expected the id of an experiment, found none");
  read_work_options(line, options, words);
  options.out = line.path("--out", out);
  options.resume = line.path("--resume", resume);
  for (const std::string& assignment : set) {
    const std::size_t equals = assignment.find('=');
    if (equals == 0 || equals == std::string::npos)
      throw UsageError(fmt::format("--set {}: expected NAME=VALUE", assignment));
    options.parameters.emplace_back(assignment.substr(0, equals), assignment.substr(equals + 1));
  }
  return options;
}

}  // namespace normproof::cli
