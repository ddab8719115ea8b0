// Has the user asked to stop (SIGINT, SIGTERM)?
#include "proofs_checks/cli/interruption.hpp"

namespace normproof::cli {
namespace {

// A signal handler can reach nothing but this.
std::atomic<bool> asked_to_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

extern "C" void note_signal(int) { asked_to_stop.store(true); }

}  // namespace

InterruptionWatch::InterruptionWatch() {
  asked_to_stop.store(false);
  struct sigaction action = {};
  action.sa_handler = note_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
}

InterruptionWatch::~InterruptionWatch() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
}

const std::atomic<bool>& InterruptionWatch::flag() const { return asked_to_stop; }

}  // namespace normproof::cli
