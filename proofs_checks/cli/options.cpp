// What does each verb's command line ask for?
#include "proofs_checks/cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>

#include "impl/data/file_error.hpp"
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

  void parse(const std::vector<std::string>& arguments) {
    parse_words(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // as CLI11 takes them
  }

  // Blanks separate words; quotes hold them together.
  void parse_line(const std::string& words) { parse_words(words); }

  bool given(const char* name) const { return app_.count(name) > 0; }

  // The value as a path; absent where the option was not given.
  std::optional<std::filesystem::path> path(const char* name, const std::string& value) const {
    if (!given(name)) return std::nullopt;
    if (value.empty()) throw UsageError(fmt::format("{}: expected a path, found nothing", name));
    return value;
  }

 private:
  template <class Words>
  void parse_words(Words words) {
    try {
      app_.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
      throw HelpWanted{app_.help()};
    } catch (const CLI::ParseError& error) {
      throw UsageError(error.what());
    }
  }

  CLI::App app_;
};

struct EffortWords {
  std::string effort = "standard", seed = "0";
};

void add_effort_options(Line& line, EffortWords& words) {
  line.word("--effort", words.effort, "quick|standard|deep", "how much work to spend (standard)");
  line.word("--seed", words.seed, "N", "where random choices start, 0 to 2^64 - 1 (0)");
}

template <class Options>
void read_effort_options(Options& options, const EffortWords& words) {
  const auto effort = effort_named(words.effort);
  if (!effort) throw UsageError(fmt::format("--effort {}: expected quick, standard or deep", words.effort));
  options.effort = *effort;
  const auto seed = decimal<std::uint64_t>(words.seed);
  if (!seed) {
    throw UsageError(fmt::format("--seed {}: expected a decimal number from 0 to {}", words.seed,
                                 std::numeric_limits<std::uint64_t>::max()));
  }
  options.seed = *seed;
}

std::optional<int> jobs_of(const Line& line, const std::string& word) {
  if (!line.given("--jobs")) return std::nullopt;
  const auto jobs = decimal<int>(word);
  if (jobs.value_or(0) < 1) throw UsageError(fmt::format("--jobs {}: expected a whole number, at least 1", word));
  return jobs;
}

// What verify, record and reproduce have in common.
struct WorkWords {
  EffortWords effort;
  std::string jobs, data;
};

void add_work_options(Line& line, WorkWords& words) {
  add_effort_options(line, words.effort);
  line.word("--jobs", words.jobs, "N", "how many threads (as many as there are processors, shared among the ranks)");
  line.word("--data", words.data, "DIR", "a directory with MNIST's four IDX files; without it, generated digits");
}

template <class Options>
void read_work_options(const Line& line, Options& options, const WorkWords& words) {
  read_effort_options(options, words.effort);
  options.jobs = jobs_of(line, words.jobs);
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

namespace {

// Which cases are run, and what is let pass.
struct CaseWords {
  EffortWords effort;
  std::string check = "*", single, accept;
};

void add_case_options(Line& line, CaseWords& words) {
  line.word("--check", words.check, "GLOB", "which checks, by a pattern such as 'tail*'; all of them by default");
  add_effort_options(line, words.effort);
  line.word("--case", words.single, "REPRO", "this one call and nothing else: its text, or @FILE");
  line.word("--accept", words.accept, "one_pass", "let errors pass that are within the bounds of a one-pass variance");
}

// The text of --case: as it stands, or from a file.
std::string case_text(const std::string& word) {
  if (word.empty()) throw UsageError("--case: expected the text of a case or @FILE, found nothing");
  if (word.front() != '@') return word;
  const std::filesystem::path file = word.substr(1);
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) throw data::FileError(file, "the text of a case", "nothing that can be read");
  constexpr const char* blanks = " \t\r\n";
  const std::size_t last = text.find_last_not_of(blanks);
  text.erase(last == std::string::npos ? 0 : last + 1);
  text.erase(0, text.find_first_not_of(blanks));
  if (text.empty()) throw data::FileError(file, "the text of a case", "nothing");
  return text;
}

template <class Options>
void read_case_options(const Line& line, Options& options, const CaseWords& words) {
  read_effort_options(options, words.effort);
  options.checks = words.check;
  if (line.given("--case")) {
    for (const char* other : {"--check", "--seed"}) {
      if (line.given(other)) throw UsageError(fmt::format("--case and {}: expected one of them, found both", other));
    }
    options.single = case_text(words.single);
  }
  options.accept_one_pass = line.given("--accept");
  if (options.accept_one_pass && words.accept != "one_pass")
    throw UsageError(fmt::format("--accept {}: expected one_pass", words.accept));
}

// A library that is given stands first among the words that are no options.
std::string library_word(const std::vector<std::string>& words, bool builtin) {
  if (words.size() > 1) throw UsageError(fmt::format("expected one library, found {}", words.size()));
  if (builtin != words.empty())
    throw UsageError(builtin ? "a library and --builtin: expected one of them, found both"
                             : "expected a library or --builtin, found neither");
  if (!builtin && words[0].empty()) throw UsageError("expected a library, found an empty word");
  return builtin ? "" : words[0];
}

std::optional<double> seconds_of(const Line& line, const std::string& word) {
  if (!line.given("--timeout")) return std::nullopt;
  constexpr double most = 1e6;
  double seconds = 0;
  const char* const end = word.data() + word.size();
  const auto [last, error] = std::from_chars(word.data(), end, seconds);
  if (error != std::errc() || last != end || !(seconds > 0 && seconds <= most))
    throw UsageError(fmt::format("--timeout {}: expected a number of seconds, above 0 and at most {:g}", word, most));
  return seconds;
}

}  // namespace

ValidateOptions parse_validate(const std::vector<std::string>& arguments) {
  ValidateOptions options;
  CaseWords words;
  std::vector<std::string> libraries;
  bool builtin = false;
  std::string jobs, timeout, expect, dump, out, json, junit;
  Line line("validate",
            "Hold the kernels of a library to references with proved error bounds, in worker processes.\n"
            "Exit status: 0 every kernel conforms, or fails only as --expect says; 1 one fails or is inconclusive; 2 "
            "the call\n"
            "or the library was wrong; 130 interrupted. NORMPROOF_WORKER_ENV='NAME=VALUE ...' is added to the "
            "environment of\n"
            "the workers.");
  line.app().add_option("LIBRARY", libraries, "a shared library that exports normproof_kernels (impl/kernel.h)");
  line.app().add_flag("--builtin", builtin, "the kernels that normproof brings along");
  line.word("--kernel", options.kernels, "GLOB", "which kernels; all of them by default");
  add_case_options(line, words);
  line.word("--jobs", jobs, "N", "how many processes (2, or 1 on one processor: kernels have threads of their own)");
  line.word("--timeout", timeout, "S", "seconds for one call with its judgement, and for loading (10; deep 60)");
  line.word("--expect", expect, "FILE",
            "known failures: lines 'kernel check kind', or JSON; one that passes counts, too");
  line.word("--dump", dump, "DIR", "write the operands of failing calls, or of --case, there as .npy");
  line.word("--out", out, "DIR",
            "write conformance.json, junit.xml, certificate-<kernel>.md and failures.txt there;\n"
            "what failures.txt holds from the last time is run first");
  line.word("--json", json, "FILE", "write the report as JSON");
  line.word("--junit", junit, "FILE", "write the report as JUnit XML");
  line.app().add_flag("--quiet", options.quiet, "show what fails and the totals, no progress");
  line.parse(arguments);
  options.library = library_word(libraries, builtin);
  read_case_options(line, options, words);
  options.jobs = jobs_of(line, jobs);
  options.timeout_seconds = seconds_of(line, timeout);
  options.expect = line.path("--expect", expect);
  options.dump = line.path("--dump", dump);
  options.out = line.path("--out", out);
  options.json = line.path("--json", json);
  options.junit = line.path("--junit", junit);
  if (options.single && options.expect) throw UsageError("--case and --expect: expected one of them, found both");
  return options;
}

InProcessOptions parse_in_process(const std::string& words_of_caller) {
  InProcessOptions options;
  CaseWords words;
  Line line("validate", "Hold a kernel of this process to references with proved error bounds.");
  add_case_options(line, words);
  line.parse_line(words_of_caller);
  read_case_options(line, options, words);
  return options;
}

KernelsOptions parse_kernels(const std::vector<std::string>& arguments) {
  KernelsOptions options;
  std::string shape;
  Line line("kernels", "Show the built-in kernels, and which of them would run for a shape.");
  line.word("--explain", shape, "SHAPE", "batch x channels x spatial extents, such as 32x64x56x56 or 128x10");
  line.parse(arguments);
  if (!line.given("--explain")) return options;
  std::vector<std::int64_t> extents;
  std::int64_t elements = 1;
  constexpr std::int64_t most_elements = std::int64_t{1} << 48;
  for (std::size_t start = 0; start <= shape.size();) {
    const std::size_t end = std::min(shape.find('x', start), shape.size());
    const auto extent = decimal<std::int64_t>(shape.substr(start, end - start));
    const bool fits = extent && *extent >= 0 && (*extent == 0 || elements <= most_elements / *extent);
    if (!fits) throw UsageError(fmt::format("--explain {}: expected counts joined by x, such as 32x64x56x56", shape));
    extents.push_back(*extent);
    elements *= std::max<std::int64_t>(*extent, 1);
    start = end + 1;
  }
  if (extents.size() < 2) throw UsageError(fmt::format("--explain {}: expected batch and channels at least", shape));
  options.shape = extents;
  return options;
}

}  // namespace normproof::cli
