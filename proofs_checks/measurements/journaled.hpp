// Which measurements are known, and where are new ones written down?
//
// Known are those that were remembered from a journal and those that were made here; each new one is appended to the
// journal, if there is one. Two threads that ask for one key at once measure once: the second waits for the first, and
// measures itself if the first one failed.
// Assumes    `measure` does not ask for its own key.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "proofs_checks/evidence/measurements.hpp"
#include "proofs_checks/measurements/journal.hpp"

namespace normproof::measurements {

class JournaledMeasurements : public evidence::Measurements {
 public:
  // Throws what `measure` throws, and JournalError; the numbers are known then all the same.
  evidence::Measured of(const std::string& key, const std::function<evidence::Measured()>& measure) override;

  void remember(const Known& known);
  void write_to(std::shared_ptr<JournalFile> journal);
  bool knows(const std::string& key) const;

  // How many were made here, not remembered.
  std::size_t made() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<std::string, std::optional<evidence::Measured>> entries_;  // no numbers: some thread is measuring
  std::shared_ptr<JournalFile> journal_;
  std::size_t made_ = 0;
};

}  // namespace normproof::measurements
