// How are many cases of a kernel run at once, so that the outcome does not depend on how many?
#include "proofs_checks/conformance/supervisor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <set>
#include <string>

#include "proofs_checks/cli/in_parallel.hpp"
#include "proofs_checks/growth.hpp"

namespace normproof::conformance {
namespace {

bool ended_by(const CaseResult& result, Finding::Kind kind) {
  return std::any_of(result.findings.begin(), result.findings.end(),
                     [kind](const Finding& finding) { return finding.kind == kind; });
}

// After which case the kernel is given up. It depends on the results alone: the position of the 50th death, or 5th
// hang, known so far never grows and is never below the final one.
class Patience {
 public:
  void note(std::size_t position, const CaseResult& result) {
    const std::lock_guard lock(mutex_);
    if (ended_by(result, Finding::Kind::crash)) deaths_.insert(position);
    if (ended_by(result, Finding::Kind::timeout)) hangs_.insert(position);
  }

  // Why the case at this position is not to be run; empty where it is.
  std::string given_up(std::size_t position) {
    const std::lock_guard lock(mutex_);
    const auto is_past = [position](const std::set<std::size_t>& ends, std::size_t most) {
      return ends.size() >= most && *std::next(ends.begin(), static_cast<std::ptrdiff_t>(most) - 1) < position;
    };
    if (is_past(deaths_, most_deaths)) return fmt::format("the kernel had ended {} workers", most_deaths);
    if (is_past(hangs_, most_hangs)) return fmt::format("the kernel had hung {} times", most_hangs);
    return "";
  }

 private:
  std::mutex mutex_;
  std::set<std::size_t> deaths_, hangs_;  // positions
};

CaseResult not_run(std::string why) {
  CaseResult result;
  result.outcome = CaseResult::Outcome::not_run;
  result.why_not_run = std::move(why);
  return result;
}

}  // namespace

void on_runners(std::size_t pieces, const Work& work, const std::function<void(std::size_t piece, CaseRunner&)>& what) {
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> finished{0};
  const auto threads = std::min(static_cast<std::size_t>(std::max(work.jobs, 1)), pieces);
  const auto take_pieces = [&](std::size_t) {
    const std::unique_ptr<CaseRunner> runner = work.make_runner();
    try {
      for (std::size_t k = next.fetch_add(1); k < pieces; k = next.fetch_add(1)) {
        if (work.interrupted != nullptr && work.interrupted->load()) return;
        what(k, *runner);
        finished.fetch_add(1);
      }
    } catch (const Interrupted&) {  // NOLINT(bugprone-empty-catch): what was finished is reported
    }
  };
  cli::in_parallel(threads, static_cast<int>(threads), nullptr, take_pieces,
                   [&](std::size_t) { work.tick(finished.load()); });
}

std::vector<std::optional<CaseResult>> run_cases(const std::string& kernel, const std::vector<std::string>& cases,
                                                 const Work& work) {
  std::vector<std::optional<CaseResult>> results(cases.size());
  Patience patience;
  on_runners(cases.size(), work, [&](std::size_t k, CaseRunner& runner) {
    const std::string why = patience.given_up(k);
    if (!why.empty()) {
      results[k] = not_run(why);
      return;
    }
    results[k] = runner.run(kernel, cases[k]);
    patience.note(k, *results[k]);
  });
  // A thread may have been ahead of the case at which the kernel was given up.
  for (std::size_t k = 0; k < cases.size(); ++k) {
    const std::string why = results[k] ? patience.given_up(k) : "";
    if (!why.empty()) results[k] = not_run(why);
  }
  return results;
}

}  // namespace normproof::conformance
