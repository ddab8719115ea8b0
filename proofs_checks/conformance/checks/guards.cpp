// Does the kernel touch its outputs, all of them, and nothing else?
//
// Tried      inaccessible pages right behind the last and right before the first element; outputs that hold NaN, 0,
//            1e30 or −1 before the call; inputs that cannot be written; small and odd shapes.
// Causes     loads and stores of a full vector at the edge, outputs added to instead of overwritten, outputs never
//            written, stale values that look right, scratch of the wrong size, inputs written and put back
#include <array>
#include <limits>

#include "proofs_checks/conformance/case_maker.hpp"
#include "proofs_checks/conformance/memory.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 16> shapes = {{{1, 1, 1},
                                           {1, 1, 2},
                                           {2, 1, 1},
                                           {1, 3, 1},
                                           {2, 2, 2},
                                           {1, 5, 3},
                                           {3, 7, 5},
                                           {2, 9, 1},
                                           {3, 4, 15},
                                           {2, 16, 16},
                                           {2, 17, 3},
                                           {1, 31, 7},
                                           {5, 33, 1},
                                           {2, 3, 63},
                                           {1, 2, 255},
                                           {3, 65, 2}}};
constexpr std::array<Shape, 5> more_shapes = {{{6, 129, 1}, {1, 1023, 3}, {2, 3, 1025}, {4, 48, 49}, {129, 2, 3}}};
constexpr std::array poisons = {std::numeric_limits<double>::quiet_NaN(), 0.0, 1e30, -1.0};

// Every operand ends where the inaccessible page behind it begins, or begins where the one before it ends.
Case at_the_edge(Case made) {
  for (const OperandId id : operands_in_use(made.op)) made[id].offset = flush_offset(made, id);
  return made;
}

// Few: a kernel that writes to its inputs dies of each of them.
void make_read_only(CaseMaker& maker, const std::vector<Shape>& chosen) {
  for (std::size_t k = 0; k < chosen.size(); k += 2) {
    Case made = maker.plain(chosen[k]);
    made.inputs_read_only = true;
    lay_out(made, k % 4 == 0 ? "bcs" : "bsc");
    maker.add_once(at_the_edge(made));
  }
}

void make(CaseMaker& maker) {
  std::vector<Shape> chosen(shapes.begin(), shapes.end());
  if (maker.wide()) chosen.insert(chosen.end(), more_shapes.begin(), more_shapes.end());
  std::size_t i = 0;
  for (const Shape& shape : chosen) {
    for (const bool in_front : {false, true}) {
      for (const double poison : poisons) {
        Case made = maker.plain(shape);
        made.guard_in_front = in_front;
        made.poison = poison;
        if (maker.wide()) {
          maker.add_dense(at_the_edge(made));  // the same place for every dense layout
        } else {
          lay_out(made, i++ % 2 == 0 ? "bcs" : "bsc");
          maker.add(at_the_edge(made));
        }
      }
      ++i;  // each poison in each layout
    }
  }
  make_read_only(maker, chosen);
}

}  // namespace

Check guards() {
  return {.title = "inaccessible memory on either side, and outputs that hold something before the call",
          .why = "fresh zeroed buffers with room behind them hide stray accesses and outputs that are added to",
          .cases = made_by("guards", make)};
}

}  // namespace normproof::conformance::checks
