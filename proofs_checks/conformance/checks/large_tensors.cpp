// Is a tensor of several channels that leaves the caches right?
//
// Tried      rows that are no multiple of a vector, misaligned, one value at the end of each channel that outweighs
//            the others, one thread and three. At quick effort a little more than 1 MiB of x (many a second-level
//            cache), at standard effort 16 MB (beyond most last-level ones) in both dense layouts.
// Causes     a way of its own for large tensors (stores past the cache, blocks, threads from some size on) that forgets
//            tails, borders of rows or the last block
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr Shape beyond_second_level = {3, 11, 8219};  // 1.1 MB of f32
constexpr Shape beyond_last_level = {5, 67, 12001};   // 16.1 MB of f32
constexpr std::array threads = {3, 1};                // deep effort has each in each layout

Case large(const CaseMaker& maker, const Shape& shape, int at_most, const char* order) {
  constexpr std::size_t one_outweighs = 2;
  Case made = maker.plain(shape);
  weigh_elements(made, one_outweighs);
  made.threads = at_most;
  lay_out(made, order);
  for (const OperandId id : tensors_in_use(made.op)) made[id].offset = 1;
  return made;
}

void make(CaseMaker& maker) {
  if (!maker.is_first_type() && !maker.deep()) return;
  maker.add_once(large(maker, beyond_second_level, threads.front(), "bcs"));
  if (!maker.wide()) return;
  maker.add_once(large(maker, beyond_last_level, threads.front(), "bcs"));
  maker.add_once(large(maker, beyond_last_level, threads.back(), "bsc"));
  if (!maker.deep()) return;
  maker.add_once(large(maker, beyond_last_level, threads.back(), "bcs"));
  maker.add_once(large(maker, beyond_last_level, threads.front(), "bsc"));
}

}  // namespace

Check large_tensors() {
  return {.title = "tensors of several channels and many megabytes",
          .why = "kernels store past the cache and share out work from some size on, and tests stay below it",
          .cases = made_by("large_tensors", make)};
}

}  // namespace normproof::conformance::checks
