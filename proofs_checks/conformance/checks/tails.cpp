// Is every element counted once, whatever is left over behind the last full vector?
//
// Tried      each extent from 1 up to a little more than four vectors of sixteen, and around powers of two and their
//            halves, alone and together, in both dense layouts and as N×C.
// Causes     a remainder loop with the wrong stride, a mask that bounds the tensor and not the channel, a tail left out
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::int64_t last_consecutive = 67;
constexpr std::int64_t last_batch = 40;
constexpr std::array<std::int64_t, 25> around = {95,  96,  97,  127, 128, 129, 147,  191,  192,  193,  255,  256, 257,
                                                 383, 384, 385, 511, 512, 513, 1023, 1024, 1025, 2047, 2048, 2049};
constexpr std::array<std::int64_t, 9> wide_around = {767, 768, 769, 1535, 1537, 3071, 3073, 4095, 4097};
constexpr std::array<std::int64_t, 7> near_a_vector = {1, 3, 7, 8, 9, 15, 17};
constexpr std::array<std::int64_t, 4> few = {2, 1, 3, 5};
constexpr std::array<std::int64_t, 3> fewer = {1, 2, 5};

std::vector<std::int64_t> extents(const CaseMaker& maker) {
  std::vector<std::int64_t> found;
  const std::int64_t last = last_consecutive * static_cast<std::int64_t>(maker.by_effort(1, 2, 4));
  for (std::int64_t n = 1; n <= last; ++n) found.push_back(n);
  found.insert(found.end(), around.begin(), around.end());
  if (maker.wide()) found.insert(found.end(), wide_around.begin(), wide_around.end());
  return found;
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (const std::int64_t n : extents(maker)) {
    const std::int64_t other = n <= last_consecutive ? 3 : 2;
    maker.add_dense(maker.plain({cycle(few, i), other, n}));
    maker.add_dense(maker.plain({cycle(few, i), n, cycle(fewer, i)}));
    maker.add(maker.plain({other + n % other, n, 1}));
    if (n <= last_batch || maker.wide()) maker.add_dense(maker.plain({n, 3, cycle(fewer, i)}));
    ++i;
  }
  for (const std::int64_t channels : near_a_vector) {
    for (const std::int64_t spatial : near_a_vector) {
      if (!maker.wide()) {
        maker.add_dense(maker.plain({cycle(few, i++), channels, spatial}));
        continue;
      }
      for (const std::int64_t batch : near_a_vector) maker.add_dense(maker.plain({batch, channels, spatial}));
    }
  }
}

}  // namespace

Check tails() {
  return {.title = "every small extent, and extents around powers of two, alone and together",
          .why = "friendly shapes leave no remainder, so a remainder that is wrong or forgotten never shows",
          .cases = made_by("tails", make)};
}

}  // namespace normproof::conformance::checks
