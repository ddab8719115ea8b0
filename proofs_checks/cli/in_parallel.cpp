// How are many pieces of work done at once, so that they can be watched and interrupted?
#include "proofs_checks/cli/in_parallel.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace normproof::cli {
namespace {

constexpr std::chrono::milliseconds tick_interval{200};

}  // namespace

void in_parallel(std::size_t pieces, int jobs, const std::atomic<bool>* interrupted,
                 const std::function<void(std::size_t piece)>& work,
                 const std::function<void(std::size_t finished)>& tick) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::condition_variable ended;
  std::exception_ptr first_failure;
  std::size_t finished = 0;
  std::size_t at_work = std::min(static_cast<std::size_t>(std::max(jobs, 1)), pieces);

  const auto take_pieces = [&] {
    while (!failed.load() && (interrupted == nullptr || !interrupted->load())) {
      const std::size_t k = next.fetch_add(1);
      if (k >= pieces) break;
      try {
        work(k);
        const std::lock_guard lock(mutex);
        ++finished;
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first_failure) first_failure = std::current_exception();
        failed.store(true);
      }
      ended.notify_one();
    }
    const std::lock_guard lock(mutex);
    --at_work;
    ended.notify_one();
  };
  std::vector<std::jthread> threads;
  const std::size_t wanted = at_work;
  for (std::size_t k = 0; k < wanted; ++k) threads.emplace_back(take_pieces);

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
  tick(done);  // the last pieces may have ended before the first wait
  if (first_failure) std::rethrow_exception(first_failure);
}

}  // namespace normproof::cli
