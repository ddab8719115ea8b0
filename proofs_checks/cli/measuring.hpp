// How are the measurements of a run shared out, kept, and found again by a run that goes on with it?
//
// What       Before anything is decided, all measurements that are asked for and not known yet are made: rank r makes
//            each size()-th of them from the r-th on, on several threads, the most expensive first, and appends them to
//            its journal. Then rank 0 reads what the others wrote. Deciding finds them in the store, and makes there
//            whatever else it needs.
//            Journals stay when the run is complete: they are the raw numbers behind its report.
// Why        A report is made from the store alone, and a measurement depends on its key alone: it makes no difference
//            to a report which rank, thread or earlier run measured.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/cli/ranks.hpp"
#include "proofs_checks/evidence/measurements.hpp"
#include "proofs_checks/measurements/journal.hpp"
#include "proofs_checks/measurements/journaled.hpp"

namespace normproof::cli {

class Measuring {
 public:
  // Reads the journals of `resume`, and finds out whether one can be written in `out`; changes nothing. Without `out`
  // there is no journal. Throws data::FileError; UsageError for several ranks that have no place to meet.
  Measuring(const measurements::JournalHeader& header, const std::optional<std::filesystem::path>& out,
            const std::optional<std::filesystem::path>& resume, Ranks& ranks);

  // Opens the journal, which takes the place of an earlier run's unless this one goes on with it. All ranks do this.
  void begin();

  // All ranks do this, with the same tasks; a task that fails is left to the one who decides. `tick` hears how many of
  // this rank's tasks are done, and which part of their cost. Throws measurements::JournalError, data::FileError.
  using Tick = std::function<void(std::size_t finished, std::size_t total, double part)>;
  void measure(std::vector<evidence::MeasurementTask> tasks, int jobs, const std::atomic<bool>& interrupted,
               const Tick& tick);

  const std::shared_ptr<measurements::JournaledMeasurements>& store() const { return store_; }

  // "37 measurements from DIR, 1 line that was cut short ignored"; empty where nothing was resumed.
  const std::string& resumed_words() const { return resumed_words_; }

 private:
  std::vector<evidence::MeasurementTask> own_share(std::vector<evidence::MeasurementTask> tasks) const;

  measurements::JournalHeader header_;
  Ranks& ranks_;
  std::optional<std::filesystem::path> out_;
  bool goes_on_ = false;              // in the journals that it was resumed from
  measurements::Known carried_over_;  // from journals elsewhere
  std::shared_ptr<measurements::JournaledMeasurements> store_;
  std::shared_ptr<measurements::JournalFile> journal_;
  std::string resumed_words_;
};

// "12 of 300 measurements · 40 s · about 60 s left" on err, wiped when all are done.
Measuring::Tick progress_of_measurements(std::ostream& err, bool shown);

}  // namespace normproof::cli
