// Do calls that other threads make at the same time stay apart?
//
// Tried      three callers, each with memory and values of its own, one with a smaller shape, that call again and again
//            at once; what comes is held against what each call gives alone.
// Causes     scratch, statistics or plans in static memory, a cache that is filled without a lock
// Chance     Two calls have to meet in the wrong place. A finding is a fault; no finding is less than elsewhere.
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 4> shapes = {{{8, 16, 64}, {64, 96, 1}, {3, 7, 300}, {1, 3, 2731}}};
constexpr std::array<Shape, 2> more_shapes = {{{2, 3, 5}, {32, 65, 25}}};
// Mostly one: a call that is long because no other thread helps meets others more often.
constexpr std::array threads = {1, 1, 2};

void make(CaseMaker& maker) {
  std::vector<Shape> chosen(shapes.begin(), shapes.end());
  if (maker.wide()) chosen.insert(chosen.end(), more_shapes.begin(), more_shapes.end());
  std::size_t i = 0;
  for (std::size_t round = 0; round < maker.by_effort(1, 2, 6); ++round) {
    for (const Shape& shape : chosen) {
      Case made = maker.plain(shape);
      made.relation = Relation::at_once;
      made.threads = cycle(threads, i + round);
      lay_out(made, (i + round) % 2 == 0 ? "bcs" : "bsc");
      maker.add(made);
      ++i;
    }
  }
}

}  // namespace

Check concurrent_calls() {
  return {.title = "three calls at once, from as many threads",
          .why = "tests call one after the other; whoever uses the kernel in a server or a data loader does not",
          .cases = made_by("concurrent_calls", make)};
}

}  // namespace normproof::conformance::checks
