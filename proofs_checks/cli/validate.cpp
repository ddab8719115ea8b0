// What do `normproof validate` and `normproof kernels` do?
#include "proofs_checks/cli/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <system_error>
#include <utility>

#include "impl/data/file_error.hpp"
#include "impl/kernels/builtin.hpp"
#include "impl/kernels/vector/explain.hpp"
#include "proofs_checks/cli/conformance_files.hpp"
#include "proofs_checks/cli/interruption.hpp"
#include "proofs_checks/cli/progress.hpp"
#include "proofs_checks/cli/selection.hpp"
#include "proofs_checks/cli/surroundings.hpp"
#include "proofs_checks/conformance/conformance_terminal.hpp"
#include "proofs_checks/conformance/known_failures.hpp"
#include "proofs_checks/conformance/validation.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"
#include "proofs_checks/growth.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;
using conformance::Case;
using conformance::ListedKernel;
using conformance::NamedCheck;

constexpr double usual_time_limit = 10;  // seconds
constexpr double deep_time_limit = 60;
constexpr int usual_jobs = 2;  // at most, where nobody says: kernels have threads of their own

std::string shown_library(const ValidateOptions& options) {
  return options.library.empty() ? std::string(conformance::builtin_word) : options.library;
}

// What a worker is told to load.
std::string library_to_load(const ValidateOptions& options) {
  if (options.library.empty()) return std::string(conformance::builtin_word);
  std::error_code error;
  const fs::file_status status = fs::status(options.library, error);
  if (!fs::exists(status)) throw data::FileError(options.library, "a library of kernels", "nothing");
  if (fs::is_directory(status)) throw data::FileError(options.library, "a library of kernels", "a folder");
  return fs::absolute(options.library).string();
}

double time_limit(const ValidateOptions& options) {
  return options.timeout_seconds.value_or(options.effort == evidence::Effort::deep ? deep_time_limit
                                                                                   : usual_time_limit);
}

std::vector<ListedKernel> listed_kernels(const ValidateOptions& options,
                                         const conformance::IsolatedSettings& settings) {
  try {
    return conformance::listed_by_worker(settings);
  } catch (const conformance::LibraryError& error) {
    throw UsageError(fmt::format("{}: {}", shown_library(options), error.what()));
  }
}

template <class Named, class Name>
std::vector<std::string> names_of(const std::vector<Named>& all, const Name& name) {
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(name(one));
  return names;
}

std::vector<ListedKernel> chosen_kernels(const ValidateOptions& options, const std::vector<ListedKernel>& all,
                                         const std::optional<Case>& only) {
  const auto names = names_of(all, [](const ListedKernel& kernel) { return kernel.name; });
  std::vector<ListedKernel> chosen;
  for (const std::size_t k : select({options.kernels}, names, "kernel")) chosen.push_back(all[k]);
  if (!only) return chosen;
  std::erase_if(chosen, [&](const ListedKernel& kernel) { return kernel.op != only->op; });
  if (chosen.empty())
    throw UsageError(fmt::format("--case: no kernel that was chosen does {} (a case without op= is bn_train)",
                                 conformance::word(only->op)));
  return chosen;
}

std::optional<Case> single_case(const ValidateOptions& options) {
  if (!options.single) return std::nullopt;
  try {
    return conformance::parse_case(*options.single);
  } catch (const conformance::CaseError& error) {
    throw UsageError(fmt::format("--case: {}", error.what()));
  }
}

// What the command line of a rerun begins with; the environment of workers belongs to it.
std::string command_start(const ValidateOptions& options, const conformance::WorkerCommand& command) {
  std::string environment;
  for (const std::string& entry : command.environment) environment += (environment.empty() ? "" : " ") + entry;
  return fmt::format("{}normproof validate {}",
                     environment.empty() ? "" : "NORMPROOF_WORKER_ENV=" + report::shell_quoted(environment) + " ",
                     report::shell_quoted(shown_library(options)));
}

std::string timeout_words(const ValidateOptions& options) {
  const double limit = time_limit(options);
  return limit == usual_time_limit ? "" : fmt::format(" --timeout {:g}", limit);
}

// The line that makes the run again.
std::string whole_command(const ValidateOptions& options, const conformance::WorkerCommand& command) {
  std::string words = command_start(options, command);
  if (options.kernels != "*") words += " --kernel " + report::shell_quoted(options.kernels);
  if (options.checks != "*") words += " --check " + report::shell_quoted(options.checks);
  words += fmt::format(" --effort {} --seed {}", evidence::word(options.effort), options.seed);
  if (options.accept_one_pass) words += " --accept one_pass";
  if (options.timeout_seconds) words += timeout_words(options);
  return words;
}

// Shows how much of one kind of work is done, and then of the next.
class ProgressOfMany {
 public:
  ProgressOfMany(std::ostream& err, bool shown) : err_(err), shown_(shown) {}

  void show(std::size_t finished, std::size_t total, const std::string& what) {
    if (!progress_ || what_ != what) progress_ = std::make_unique<Progress>(err_, shown_, total, what);
    what_ = what;
    progress_->show(finished);
  }

 private:
  std::ostream& err_;
  bool shown_;
  std::string what_;
  std::unique_ptr<Progress> progress_;
};

bool hangs(const conformance::KernelReport& kernel) {
  for (const conformance::CheckReport& check : kernel.checks)
    for (const conformance::FindingReport& finding : check.findings)
      if (finding.finding.kind == conformance::Finding::Kind::timeout) return true;
  return false;
}

// The operands of a call, from a call that is made again unless it would hang again.
std::vector<conformance::DumpedOperand> operands_of(conformance::CaseRunner& runner, const std::string& kernel,
                                                    const Case& described, bool hanging) {
  if (hanging) return conformance::inputs_of(described);
  return runner.operands(kernel, conformance::text(described));
}

void dump_findings(DumpFolder& folder, const conformance::ConformanceReport& report, conformance::CaseRunner& runner) {
  for (const conformance::KernelReport& kernel : report.kernels)
    for (const conformance::CheckReport& check : kernel.checks)
      for (const conformance::FindingReport& found : check.findings) {
        const conformance::Finding& finding = found.finding;
        const std::string name =
            fmt::format("{}-{}-{}{}{}{}", kernel.kernel.name, check.id, conformance::word(finding.kind),
                        finding.operand.empty() ? "" : "-", finding.operand, found.accepted ? "-accepted" : "");
        const bool hanging = finding.kind == conformance::Finding::Kind::timeout;
        folder.write(name, found.described, operands_of(runner, kernel.kernel.name, found.described, hanging));
      }
}

// Of --case: the call in words before it is judged.
std::string call_views(const conformance::ConformanceReport& report, const Case& only, conformance::CaseRunner& runner,
                       DumpFolder* dump) {
  std::string text;
  for (const conformance::KernelReport& kernel : report.kernels) {
    const auto operands = operands_of(runner, kernel.kernel.name, only, hangs(kernel));
    text += conformance::call_view(only, operands);
    if (dump != nullptr) dump->write(kernel.kernel.name, only, operands);
  }
  return text;
}

}  // namespace

namespace {

// All that can be wrong with a call is found before a kernel is run.
struct Prepared {
  std::optional<Case> only;
  std::vector<conformance::KnownFailure> known;
  std::vector<conformance::EarlierFailure> earlier;
  conformance::IsolatedSettings isolation;
  std::vector<ListedKernel> all, chosen;
  std::vector<NamedCheck> checks;
};

Prepared prepare(const ValidateOptions& options, const InterruptionWatch& watch) {
  Prepared call;
  call.only = single_case(options);
  if (options.expect) call.known = conformance::read_known_failures(*options.expect);
  if (const auto path = failures_path(options))
    call.earlier = conformance::read_failures(*path, shown_library(options));
  call.isolation.command = conformance::worker_command(library_to_load(options));
  call.isolation.time_limit = std::chrono::duration<double>(time_limit(options));
  call.isolation.interrupted = &watch.flag();
  call.all = listed_kernels(options, call.isolation);
  call.chosen = chosen_kernels(options, call.all, call.only);
  call.checks = conformance::check_catalogue();
  auto check_names = names_of(call.checks, [](const NamedCheck& named) { return named.id; });
  if (!call.only) select({options.checks}, check_names, "check");
  check_names.emplace_back(conformance::loading_id);
  if (options.expect) conformance::check_known_failures(call.known, *options.expect, call.all, check_names);
  return call;
}

conformance::ConformanceReport judged(const ValidateOptions& options, const Prepared& call,
                                      const InterruptionWatch& watch, const Streams& streams) {
  conformance::ValidationOptions what;
  what.check_glob = options.checks;
  what.plan = {options.effort, options.seed};
  what.accept_one_pass = options.accept_one_pass;
  what.only = call.only;
  what.earlier = call.earlier;
  what.rerun_start = command_start(options, call.isolation.command);
  what.rerun_end = timeout_words(options);
  conformance::ValidationWork how;
  how.make_runner = conformance::isolated(call.isolation);
  how.jobs = options.jobs.value_or(std::min(default_jobs(1), usual_jobs));
  how.interrupted = &watch.flag();
  ProgressOfMany progress(streams.err, streams.progress && !options.quiet);
  how.tick = [&](std::size_t finished, std::size_t total, const std::string& words) {
    progress.show(finished, total, words);
  };
  conformance::ConformanceReport report = conformance::validate(call.chosen, call.checks, what, how);
  report.version = version();
  report.compiler = compiler();
  report.cpu = cpu();
  report.library = shown_library(options);
  report.library_kernels = call.all.size();
  conformance::apply_known_failures(call.known, report);
  return report;
}

// What has to be called once more to be shown or dumped.
void show_operands(const Prepared& call, const conformance::ConformanceReport& report, DumpFolder* dump,
                   const Streams& streams) {
  conformance::IsolatedSettings again = call.isolation;
  again.interrupted = nullptr;
  const std::unique_ptr<conformance::CaseRunner> runner = conformance::isolated(again)();
  if (call.only)
    streams.out << call_views(report, *call.only, *runner, dump);
  else if (dump != nullptr)
    dump_findings(*dump, report, *runner);
}

}  // namespace

int validate(const ValidateOptions& options, const Streams& streams) {
  const auto start = std::chrono::steady_clock::now();
  const InterruptionWatch watch;
  Prepared call;
  try {
    call = prepare(options, watch);
  } catch (const Interrupted&) {
    streams.err << "normproof validate: interrupted; no kernel was called\n";
    return exit_interrupted;
  }
  ConformanceFiles files(options, call.chosen);
  std::optional<DumpFolder> dump;
  if (options.dump) dump.emplace(*options.dump);

  conformance::ConformanceReport report = judged(options, call, watch, streams);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  files.commit(report, conformance::failures_of(report, call.earlier), whole_command(options, call.isolation.command));
  if (report.complete) show_operands(call, report, dump ? &*dump : nullptr, streams);
  streams.out << conformance::terminal_view(report, {streams.colour, options.quiet, files.place()});
  if (!report.complete) return exit_interrupted;
  return conformance::passes(report) ? exit_agrees : exit_differs;
}

namespace {

std::int64_t spatial_of(const std::vector<std::int64_t>& shape) {
  std::int64_t spatial = 1;
  for (std::size_t k = 2; k < shape.size(); ++k) spatial *= shape[k];
  return spatial;
}

std::string shape_words(const std::vector<std::int64_t>& shape) {
  const std::int64_t spatial = spatial_of(shape);
  return fmt::format("batch {}, channels {}, spatial {}: {} in a channel", shape[0], shape[1], spatial,
                     report::counted(static_cast<long>(shape[0] * spatial), "value", "values"));
}

// The kernels that do an operation, by its word.
std::vector<std::pair<std::string, std::vector<const ListedKernel*>>> by_operation(
    const std::vector<ListedKernel>& kernels) {
  std::vector<std::pair<std::string, std::vector<const ListedKernel*>>> lists;
  for (const normproof_op op : conformance::all_ops()) {
    lists.emplace_back(conformance::word(op), std::vector<const ListedKernel*>{});
    for (const ListedKernel& kernel : kernels) {
      if (kernel.op == op) lists.back().second.push_back(&kernel);
    }
  }
  return lists;
}

std::string layout_words(const ListedKernel& kernel) {
  return (kernel.flags & NORMPROOF_ANY_STRIDES) != 0 ? "any strides" : "dense N×C×spatial, N×spatial×C or N×C";
}

// How the kernel goes over its operands, a line for each layout that it takes.
std::string traversal_words(const ListedKernel& kernel, const std::vector<std::int64_t>& shape) {
  namespace vector = normproof::kernels::vector;
  if (!vector::is_vectorized(kernel.flags)) return "";
  std::string text;
  const auto op = static_cast<normproof_op>(kernel.op);
  for (const std::string& line : vector::in_words(op, shape[0], shape[1], spatial_of(shape)))
    text += "      " + line + "\n";
  return text;
}

std::string explanation(const std::vector<ListedKernel>& kernels, const std::vector<std::int64_t>& shape) {
  std::string text = shape_words(shape) + "\n" + normproof::kernels::vector::machine_in_words() + "\n";
  for (const auto& [op, list] : by_operation(kernels)) {
    if (list.empty()) text += fmt::format("  {}: no kernel is built in\n", op);
    for (const ListedKernel* kernel : list) {
      text += fmt::format("  {}: {}; x in {}; {}{}\n", op, kernel->name, conformance::dtype_words(*kernel),
                          layout_words(*kernel), list.size() == 1 ? "" : " (one of several)");
      text += traversal_words(*kernel, shape);
    }
  }
  return text +
         "A caller names the kernel; how a vectorized one goes over its operands is chosen by shape and machine.\n";
}

}  // namespace

int kernels(const KernelsOptions& options, const Streams& streams) {
  std::vector<ListedKernel> list;
  for (const normproof_kernel* kernel : conformance::checked_kernels(normproof::kernels::builtin_library()))
    list.push_back(conformance::listed(*kernel));
  if (options.shape) {
    streams.out << explanation(list, *options.shape);
    return exit_agrees;
  }
  for (const ListedKernel& kernel : list) {
    streams.out << fmt::format("{}\n  {}\n  {}; x in {}; flags: {}\n", kernel.name, kernel.summary,
                               conformance::word(static_cast<normproof_op>(kernel.op)),
                               conformance::dtype_words(kernel), conformance::flag_words(kernel));
  }
  streams.out << report::counted(std::ssize(list), "kernel", "kernels") << '\n';
  return exit_agrees;
}

}  // namespace normproof::cli
