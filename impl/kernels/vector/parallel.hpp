// How are parts of one call done by several threads?
//
// Threads   OpenMP's, where the build has it, else threads that live for one call. With one part, or threads = 1, no
//           thread but the caller's. Each part is done by one thread, and no result depends on which.
// Assumes   The work does not throw.
#pragma once

#include <algorithm>
#include <cstdint>

#ifdef _OPENMP
#include <omp.h>
#else
#include <thread>
#include <vector>
#endif

namespace normproof::kernels::vector {

inline int workers_for(int threads, std::int64_t parts) {
  return static_cast<int>(std::clamp<std::int64_t>(threads, 1, std::max<std::int64_t>(parts, 1)));
}

// work(worker, begin, end) for shares of the parts 0 … parts − 1; the worker is below workers_for(threads, parts).
template <class Work>
void in_parallel(int threads, std::int64_t parts, const Work& work) {
  const int wanted = workers_for(threads, parts);
  const auto share = [&](int worker, int workers) {
    work(worker, parts * worker / workers, parts * (worker + 1) / workers);
  };
  if (wanted == 1) return share(0, 1);
#ifdef _OPENMP
#pragma omp parallel num_threads(wanted)
  share(omp_get_thread_num(), omp_get_num_threads());
#else
  std::vector<std::thread> others;
  others.reserve(static_cast<std::size_t>(wanted - 1));
  int started = 1;
  try {
    for (; started < wanted; ++started) others.emplace_back([&share, started, wanted] { share(started, wanted); });
  } catch (...) {  // no more threads to be had: the caller does what is left
  }
  share(0, wanted);
  for (int worker = started; worker < wanted; ++worker) share(worker, wanted);
  for (std::thread& other : others) other.join();
#endif
}

}  // namespace normproof::kernels::vector
