// How much time of processors did the other threads of this process take?
#include "proofs_checks/conformance/time_of_others.hpp"

#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

namespace normproof::conformance {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::chrono::duration<double>(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec))
      .count();
}

// Whether the system says of every other thread that it waits: "7 (name) S …". One that spins does not, whether it has
// a processor just now or not.
bool others_sleep() {
  const std::string own = std::to_string(gettid());
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", error)) {
    if (task.path().filename() == own) continue;
    std::string line;
    if (!std::getline(std::ifstream(task.path() / "stat"), line)) continue;  // it has ended
    const std::size_t state = line.rfind(") ");
    if (state == std::string::npos || line[state + 2] == 'R') return false;
  }
  return !error;
}

}  // namespace

ProcessorTime ProcessorTime::before_call() {
  ProcessorTime time;
  time.thread = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  time.process = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  return time;
}
ProcessorTime ProcessorTime::after_call() {
  ProcessorTime time;
  time.process = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  time.thread = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  return time;
}

bool others_come_to_rest() {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds between{2}, patience{500};
  const Clock::time_point end = Clock::now() + patience;
  while (!others_sleep()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(between);
  }
  return true;
}

}  // namespace normproof::conformance
