// Is the time of other threads measured, and nothing else taken for it?
#include "proofs_checks/conformance/time_of_others.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <thread>

namespace normproof::tests {
namespace {

using conformance::ProcessorTime;

constexpr double tick = 1e-9;  // both clocks count nanoseconds

void work_for(double seconds) {
  const std::clock_t end = std::clock() + static_cast<std::clock_t>(seconds * CLOCKS_PER_SEC);
  while (std::clock() < end) {
  }
}

TEST(TimeOfOthers, does_not_count_what_reading_the_clocks_takes) {
  // However often a machine that does other work stops this thread between two readings.
  for (int k = 0; k < 1000; ++k) {
    const ProcessorTime begin = ProcessorTime::before_call();
    const ProcessorTime end = ProcessorTime::after_call();
    EXPECT_LE((end - begin).of_others(), tick);
  }
}

TEST(TimeOfOthers, counts_what_a_thread_takes_that_ends_meanwhile) {
  constexpr double work = 0.01;
  const ProcessorTime begin = ProcessorTime::before_call();
  std::thread(work_for, work).join();
  const ProcessorTime end = ProcessorTime::after_call();
  EXPECT_GT((end - begin).of_others(), work / 2);
}

}  // namespace
}  // namespace normproof::tests
