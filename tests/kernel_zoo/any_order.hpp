// In which order does a kernel add up that promises no bits? In another one each time, as threads with one atomic sum
// do.
//
// Not among the sources that tests/kernel_mutation changes: every order is right.
#pragma once

#include <atomic>
#include <cstdint>

namespace normproof::zoo {

// Which of `count` values comes first; the others follow in their order.
inline std::int64_t first_in_this_call(std::int64_t count) {
  static std::atomic<std::uint64_t> calls{0};
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio
  return static_cast<std::int64_t>((calls.fetch_add(1) + 1) * odd % static_cast<std::uint64_t>(count));
}

}  // namespace normproof::zoo
