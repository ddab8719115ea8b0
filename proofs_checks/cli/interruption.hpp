// Has the user asked to stop (SIGINT, SIGTERM)?
//
// The first signal asks: engines poll the flag, and what was finished is still reported. The second ends the program as
// signals do, for the handler is gone by then.
#pragma once

#include <atomic>
#include <csignal>

namespace normproof::cli {

// While one of these lives, signals set its flag. One at a time.
class InterruptionWatch {
 public:
  InterruptionWatch();
  ~InterruptionWatch();
  InterruptionWatch(const InterruptionWatch&) = delete;
  InterruptionWatch& operator=(const InterruptionWatch&) = delete;

  const std::atomic<bool>& flag() const;
  bool interrupted() const { return flag().load(); }

 private:
  struct sigaction old_interrupt_ = {};
  struct sigaction old_terminate_ = {};
};

}  // namespace normproof::cli
