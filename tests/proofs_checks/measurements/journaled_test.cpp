// Is every measurement made once, by whichever thread asks first?
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "proofs_checks/measurements/journaled.hpp"
#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::measurements {
namespace {

using evidence::Measured;

const JournalHeader header{"0.1.0", 0, "quick"};

TEST(Journaled_measurements, are_made_once_and_remembered) {
  JournaledMeasurements store;
  int made = 0;
  const auto measure = [&] { return Measured{static_cast<double>(++made)}; };
  EXPECT_EQ(store.of("a", measure), Measured{1});
  EXPECT_EQ(store.of("b", measure), Measured{2});
  EXPECT_EQ(store.of("a", measure), Measured{1});
  EXPECT_TRUE(store.knows("a"));
  EXPECT_FALSE(store.knows("c"));
  EXPECT_EQ(store.made(), 2U);
}

TEST(Journaled_measurements, are_not_made_where_an_earlier_run_made_them) {
  JournaledMeasurements store;
  store.remember({{"a", {7}}});
  const auto measure = [] {
    ADD_FAILURE() << "measured";
    return Measured{};
  };
  EXPECT_EQ(store.of("a", measure), Measured{7});
  EXPECT_EQ(store.made(), 0U);
}

TEST(Journaled_measurements, are_written_down_once_however_many_threads_ask) {
  const data::TemporaryFolder folder;
  auto journal = std::make_shared<JournalFile>(folder.path(), 0);
  journal->begin(header, {});
  JournaledMeasurements store;
  store.write_to(journal);
  constexpr int keys = 20;
  std::atomic<int> made{0};
  const auto ask_for_all = [&] {
    for (int key = 0; key < keys; ++key) {
      const Measured numbers = store.of("key " + std::to_string(key), [&made, key] {
        ++made;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // so that others ask meanwhile
        return Measured{static_cast<double>(key)};
      });
      EXPECT_EQ(numbers, Measured{static_cast<double>(key)});
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int k = 0; k < 8; ++k) threads.emplace_back(ask_for_all);
  }
  EXPECT_EQ(made.load(), keys);
  const std::string text = data::contents(folder.path() / "journal" / "rank-0.jsonl");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + keys);
  EXPECT_EQ(read_journals(folder.path(), header).known.size(), std::size_t{keys});
}

TEST(Journaled_measurements, that_fail_are_not_remembered_and_whoever_waited_measures) {
  JournaledMeasurements store;
  std::atomic<bool> waiting{false};
  Measured other;
  std::jthread second;
  const auto fails = [&]() -> Measured {
    second = std::jthread([&] {
      waiting.store(true);
      other = store.of("a", [] { return Measured{5}; });
    });
    while (!waiting.load()) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // most probably it waits by now; it need not
    throw std::runtime_error("broken");
  };
  EXPECT_THROW(store.of("a", fails), std::runtime_error);
  second.join();
  EXPECT_EQ(other, Measured{5});
  EXPECT_TRUE(store.knows("a"));
}

}  // namespace
}  // namespace normproof::measurements
