// How are many claims decided at once, so that the outcome does not depend on how many?
#include "proofs_checks/cli/decide_all.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace normproof::cli {
namespace {

constexpr std::chrono::milliseconds tick_interval{200};

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
  for (std::size_t k = 0; k < claims.size(); ++k) {
    reports[k].id = std::string(claims[k].id);
    reports[k].finished = false;
  }
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::condition_variable ended;
  std::size_t finished = 0;
  std::size_t at_work = std::min(static_cast<std::size_t>(std::max(jobs, 1)), claims.size());

  const auto work = [&] {
    while (settings.interrupted == nullptr || !settings.interrupted->load()) {
      const std::size_t k = next.fetch_add(1);
      if (k >= claims.size()) break;
      reports[k] = decide_one(claims[k], decide, settings);
      const std::lock_guard lock(mutex);
      ++finished;
      ended.notify_one();
    }
    const std::lock_guard lock(mutex);
    --at_work;
    ended.notify_one();
  };
  std::vector<std::jthread> threads;
  const std::size_t wanted = at_work;
  for (std::size_t k = 0; k < wanted; ++k) threads.emplace_back(work);

  std::unique_lock lock(mutex);
  while (at_work > 0) {
    ended.wait_for(lock, tick_interval);
    const std::size_t done = finished;
    lock.unlock();
    tick(done);
    lock.lock();
  }
  const std::size_t done = finished;
  lock.unlock();
  tick(done);  // the last claims may have ended before the first wait
  return reports;
}

}  // namespace normproof::cli
