// How does a kernel of the zoo share its work among threads? It cuts a range into chunks and gives each thread a share.
//
// A task that throws ends the program, so tasks do not throw. A thread that cannot be started does not matter: what it
// would have done, the caller does.
#pragma once

#include <algorithm>
#include <cstdint>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace normproof::zoo {

// Calls task(chunk) for every chunk in [0, chunks), with at most `threads` threads, the caller among them.
template <class Task>
void for_each_chunk(std::int64_t chunks, int threads, Task task) {
  const std::int64_t shares = std::clamp<std::int64_t>(threads, 1, std::max<std::int64_t>(chunks, 1));
  const auto work = [&](std::int64_t share) {
    for (std::int64_t chunk = share; chunk < chunks; chunk += shares) task(chunk);
  };
  std::vector<std::thread> started;
  std::int64_t next = 1;
  try {
    started.reserve(static_cast<std::size_t>(shares));
    for (; next < shares; ++next) started.emplace_back(work, next);
  } catch (const std::system_error&) {
    // No more threads are to be had.
  } catch (const std::bad_alloc&) {
  }
  work(0);
  for (; next < shares; ++next) work(next);
  for (std::thread& thread : started) thread.join();
}

// The first of the places that belong to `chunk` when `count` places are cut into `chunks` parts of nearly one size.
inline std::int64_t start_of(std::int64_t chunk, std::int64_t chunks, std::int64_t count) {
  return count / chunks * chunk + std::min(chunk, count % chunks);
}

}  // namespace normproof::zoo
