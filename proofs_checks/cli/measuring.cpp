// How are the measurements of a run shared out, kept, and found again by a run that goes on with it?
#include "proofs_checks/cli/measuring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include "proofs_checks/cli/in_parallel.hpp"
#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/progress.hpp"
#include "proofs_checks/growth.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;

bool same_place(const fs::path& a, const fs::path& b) {
  std::error_code error;
  const fs::path whole_a = fs::weakly_canonical(fs::absolute(a), error);
  const fs::path whole_b = fs::weakly_canonical(fs::absolute(b), error);
  return whole_a == whole_b;
}

std::string words_of(const measurements::JournalContents& contents, const fs::path& directory) {
  std::string words = fmt::format(
      "{} from {}", report::counted(static_cast<long>(contents.known.size()), "measurement", "measurements"),
      directory.string());
  if (contents.cut_lines > 0) {
    words += fmt::format(", {} that {} cut short ignored",
                         report::counted(static_cast<long>(contents.cut_lines), "line", "lines"),
                         contents.cut_lines == 1 ? "was" : "were");
  }
  return words;
}

}  // namespace

Measuring::Measuring(const measurements::JournalHeader& header, const std::optional<fs::path>& out,
                     const std::optional<fs::path>& resume, Ranks& ranks)
    : header_(header), ranks_(ranks), out_(out), store_(std::make_shared<measurements::JournaledMeasurements>()) {
  if (ranks.size() > 1 && !out && !resume) {
    throw UsageError(fmt::format("{} ranks: expected --out or --resume, where their measurements meet, found neither",
                                 ranks.size()));
  }
  if (resume) {
    measurements::JournalContents contents = measurements::read_journals(*resume, header);
    resumed_words_ = words_of(contents, *resume);
    store_->remember(contents.known);
    if (!out_) out_ = resume;
    goes_on_ = same_place(*out_, *resume);
    if (!goes_on_) carried_over_ = std::move(contents.known);
  }
  if (out_ && ranks.rank() == 0) journal_ = std::make_shared<measurements::JournalFile>(*out_, 0);
}

void Measuring::begin() {
  if (!out_) return;
  // Not before all ranks have found the call right: then a wrong one leaves no folder behind.
  ranks_.together([&] {
    if (!journal_) journal_ = std::make_shared<measurements::JournalFile>(*out_, ranks_.rank());
  });
  const auto open = [&] {
    if (goes_on_) {
      journal_->go_on(header_);
    } else {
      if (ranks_.rank() == 0) measurements::remove_journals(*out_);
      journal_->begin(header_, carried_over_);
    }
    store_->write_to(journal_);
  };
  // Rank 0 first, for it takes away what was there, and what was carried over needs to be written once.
  ranks_.together([&] {
    if (ranks_.rank() == 0) open();
  });
  carried_over_.clear();
  ranks_.together([&] {
    if (ranks_.rank() != 0) open();
  });
}

std::vector<evidence::MeasurementTask> Measuring::own_share(std::vector<evidence::MeasurementTask> tasks) const {
  std::set<std::string> seen;
  const auto known = std::remove_if(tasks.begin(), tasks.end(), [&](const evidence::MeasurementTask& task) {
    return store_->knows(task.key) || !seen.insert(task.key).second;
  });
  tasks.erase(known, tasks.end());
  std::stable_sort(
      tasks.begin(), tasks.end(),
      [](const evidence::MeasurementTask& a, const evidence::MeasurementTask& b) { return a.cost > b.cost; });
  std::vector<evidence::MeasurementTask> share;
  const auto step = static_cast<std::size_t>(ranks_.size());
  for (std::size_t k = static_cast<std::size_t>(ranks_.rank()); k < tasks.size(); k += step)
    share.push_back(std::move(tasks[k]));
  return share;
}

void Measuring::measure(std::vector<evidence::MeasurementTask> tasks, int jobs, const std::atomic<bool>& interrupted,
                        const Tick& tick) {
  const std::vector<evidence::MeasurementTask> share = own_share(std::move(tasks));
  double cost = 0;
  for (const evidence::MeasurementTask& task : share) cost += task.cost;
  std::mutex mutex;
  double done = 0;
  const auto make = [&](std::size_t k) {
    try {
      store_->of(share[k].key, share[k].measure);
    } catch (const measurements::JournalError&) {
      throw;
    } catch (const Interrupted&) {
      return;        // the flag keeps the others from beginning
    } catch (...) {  // NOLINT(bugprone-empty-catch): whoever decides asks again, and says what went wrong
    }
    const std::lock_guard lock(mutex);
    done += share[k].cost;
  };
  const auto show = [&](std::size_t finished) {
    const std::lock_guard lock(mutex);
    tick(finished, share.size(), cost > 0 ? done / cost : 1);
  };
  ranks_.together([&] {
    in_parallel(share.size(), jobs, &interrupted, make, show);
    // A network's file system shows rank 0 what was written once the file is closed.
    if (ranks_.rank() != 0 && journal_) journal_->close();
  });
  if (ranks_.rank() == 0 && ranks_.size() > 1) store_->remember(measurements::read_journals(*out_, header_).known);
}

Measuring::Tick progress_of_measurements(std::ostream& err, bool shown) {
  // Wiped with the last copy of the function, that is when measure() has returned.
  const auto progress = std::make_shared<std::unique_ptr<Progress>>();
  return [&err, shown, progress](std::size_t finished, std::size_t total, double part) {
    if (total == 0) return;
    if (!*progress) *progress = std::make_unique<Progress>(err, shown, total, "measurements");
    (*progress)->show(finished, part);
  };
}

}  // namespace normproof::cli
