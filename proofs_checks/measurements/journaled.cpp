// Which measurements are known, and where are new ones written down?
#include "proofs_checks/measurements/journaled.hpp"

#include <utility>

namespace normproof::measurements {

evidence::Measured JournaledMeasurements::of(const std::string& key,
                                             const std::function<evidence::Measured()>& measure) {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto [entry, ours] = entries_.try_emplace(key);
    if (ours) break;
    if (entry->second) return *entry->second;
    changed_.wait(lock);
  }
  lock.unlock();
  evidence::Measured numbers;
  try {
    numbers = measure();
  } catch (...) {
    lock.lock();
    entries_.erase(key);
    changed_.notify_all();
    throw;
  }
  lock.lock();
  entries_[key] = numbers;
  ++made_;
  changed_.notify_all();
  if (journal_) journal_->append(key, numbers);
  return numbers;
}

void JournaledMeasurements::remember(const Known& known) {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, numbers] : known) entries_.insert_or_assign(key, numbers);
}

void JournaledMeasurements::write_to(std::shared_ptr<JournalFile> journal) {
  const std::lock_guard lock(mutex_);
  journal_ = std::move(journal);
}

bool JournaledMeasurements::knows(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key);
  return entry != entries_.end() && entry->second.has_value();
}

std::size_t JournaledMeasurements::made() const {
  const std::lock_guard lock(mutex_);
  return made_;
}

}  // namespace normproof::measurements
