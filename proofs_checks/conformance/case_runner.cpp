// Where does a case run: in a worker, or here?
#include "proofs_checks/conformance/case_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "proofs_checks/conformance/memory.hpp"
#include "proofs_checks/conformance/recipes.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"
#include "proofs_checks/growth.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

CaseResult failed(Finding::Kind kind, const std::string& words) {
  CaseResult result;
  result.outcome = CaseResult::Outcome::failed;
  Finding finding;
  finding.kind = kind;
  finding.words = report::one_line(words);
  result.findings.push_back(std::move(finding));
  return result;
}

// What a call that threw is: C has no exceptions, and a kernel must let none out.
CaseResult threw_out(const std::string& words) {
  return failed(Finding::Kind::crash, "an exception came out of the call: " + words);
}

std::string limit_words(std::chrono::duration<double> limit) { return fmt::format("{:.3g} s", limit.count()); }

// What judging adds to the time limit of a call. Empirical: it took up to 0.4 µs an element on a busy machine; five
// times that. Without it a right kernel is said to hang where a channel has 2^25 values.
constexpr std::chrono::duration<double> judging_per_element{2e-6};

std::chrono::duration<double> limit_of(const std::string& case_text, std::chrono::duration<double> limit) {
  return limit + judging_per_element * static_cast<double>(parse_case(case_text).elements());
}

class Isolated : public CaseRunner {
 public:
  explicit Isolated(IsolatedSettings settings) : settings_(std::move(settings)) {}

  CaseResult run(const std::string& kernel, const std::string& case_text) override {
    const WorkerAnswer answer = ask({Request::Kind::run, kernel, case_text});
    switch (answer.kind) {
      case WorkerAnswer::Kind::interrupted: throw Interrupted{};
      case WorkerAnswer::Kind::died: return failed(Finding::Kind::crash, answer.words);
      case WorkerAnswer::Kind::timed_out:
        return failed(Finding::Kind::timeout,
                      "no answer within " + limit_words(limit_of(case_text, settings_.time_limit)));
      case WorkerAnswer::Kind::line: break;
    }
    if (std::optional<CaseResult> given = result(answer.line)) return std::move(*given);
    if (const auto words = threw(answer.line)) return threw_out(*words);
    worker_.reset();
    return failed(Finding::Kind::crash, "what came back is no result: " + answer.line.substr(0, most_shown));
  }

  std::vector<DumpedOperand> operands(const std::string& kernel, const std::string& case_text) override {
    const WorkerAnswer answer = ask({Request::Kind::operands, kernel, case_text});
    if (answer.kind == WorkerAnswer::Kind::interrupted) throw Interrupted{};
    if (answer.kind == WorkerAnswer::Kind::line) {
      if (auto given = conformance::operands(answer.line)) return std::move(*given);
    }
    return inputs_of(parse_case(case_text));
  }

 private:
  static constexpr std::size_t most_shown = 60;  // of an answer that is none

  WorkerAnswer ask(const Request& request) {
    try {
      if (worker_ == nullptr || !worker_->alive()) {
        worker_ = std::make_unique<WorkerProcess>(settings_.command);
        WorkerAnswer hello = worker_->read(settings_.time_limit, settings_.interrupted);
        if (hello.kind != WorkerAnswer::Kind::line) {
          hello.words = "loading the library again: " + hello.words;
          return hello;
        }
        if (!listing(hello.line)) {
          worker_.reset();
          const auto words = library_error(hello.line);
          return {WorkerAnswer::Kind::died, "", "loading the library again: " + words.value_or("no list of kernels")};
        }
      }
      return worker_->ask(request_line(request), limit_of(request.case_text, settings_.time_limit),
                          settings_.interrupted);
    } catch (const WorkerError& error) {
      return {WorkerAnswer::Kind::died, "", error.what()};
    }
  }

  IsolatedSettings settings_;
  std::unique_ptr<WorkerProcess> worker_;
};

class InThisProcess : public CaseRunner {
 public:
  InThisProcess(std::vector<const normproof_kernel*> kernels, const std::atomic<bool>* interrupted)
      : kernels_(std::move(kernels)), interrupted_(interrupted) {}

  CaseResult run(const std::string& kernel, const std::string& case_text) override {
    try {
      return run_case(subject(kernel), parse_case(case_text));
    } catch (const NoMemory& error) {
      CaseResult result;
      result.why_not_run = error.what();
      return result;
    } catch (const std::exception& error) {
      return threw_out(error.what());
    } catch (...) {
      return threw_out("no std::exception");
    }
  }

  std::vector<DumpedOperand> operands(const std::string& kernel, const std::string& case_text) override {
    try {
      return operands_of(subject(kernel), parse_case(case_text));
    } catch (...) {
      return inputs_of(parse_case(case_text));
    }
  }

 private:
  KernelUnderTest subject(const std::string& name) const {
    if (interrupted_ != nullptr && interrupted_->load()) throw Interrupted{};
    const auto found = std::find_if(kernels_.begin(), kernels_.end(),
                                    [&](const normproof_kernel* kernel) { return name == kernel->name; });
    return {found == kernels_.end() ? nullptr : *found, kernels_};
  }

  std::vector<const normproof_kernel*> kernels_;
  const std::atomic<bool>* interrupted_;
};

}  // namespace

MakeRunner isolated(const IsolatedSettings& settings) {
  return [settings] { return std::make_unique<Isolated>(settings); };
}

MakeRunner in_this_process(std::vector<const normproof_kernel*> kernels, const std::atomic<bool>* interrupted) {
  return [kernels = std::move(kernels), interrupted] { return std::make_unique<InThisProcess>(kernels, interrupted); };
}

std::vector<ListedKernel> listed_by_worker(const IsolatedSettings& settings) {
  WorkerProcess worker(settings.command);
  const WorkerAnswer answer = worker.read(settings.time_limit, settings.interrupted);
  const std::string expected = "expected a library that can be loaded, found one that ";
  switch (answer.kind) {
    case WorkerAnswer::Kind::interrupted: throw Interrupted{};
    case WorkerAnswer::Kind::died: throw LibraryError(expected + "ended the process while loading: " + answer.words);
    case WorkerAnswer::Kind::timed_out:
      throw LibraryError(expected + "was not loaded within " + limit_words(settings.time_limit));
    case WorkerAnswer::Kind::line: break;
  }
  if (auto kernels = listing(answer.line)) return std::move(*kernels);
  if (const auto words = library_error(answer.line)) throw LibraryError(*words);
  throw LibraryError(expected + "writes to a connection that is not its own");
}

std::vector<DumpedOperand> inputs_of(const Case& described) {
  const InputValues inputs = input_values(described);
  std::vector<DumpedOperand> operands;
  for (std::size_t k = 0; k < operand_count; ++k) {
    const auto id = static_cast<OperandId>(k);
    if (inputs[id].empty() || !described[id].present || !is_read(use_of(described.op, id))) continue;
    const std::vector<std::int64_t> shape =
        is_tensor(id) ? std::vector<std::int64_t>{described.batch, described.channels, described.spatial}
                      : std::vector<std::int64_t>{described.channels};
    operands.push_back({word(id), shape, inputs[id]});
  }
  return operands;
}

}  // namespace normproof::conformance
