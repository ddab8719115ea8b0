// Does an empty tensor go through?
//
// Tried      no sample, no channel, no spatial element, alone and together; with all operands, with each output by
//            itself, and, for several threads, with none that is optional. Parameter gradients must be 0, running
//            statistics stay, nothing else is touched.
// Causes     0/0, a launch of zero blocks, an early return before the parameter gradients are zeroed
#include <array>
#include <limits>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 10> shapes = {
    {{0, 3, 5}, {2, 3, 0}, {2, 0, 5}, {0, 3, 1}, {0, 17, 0}, {0, 0, 5}, {2, 0, 0}, {0, 0, 0}, {1, 1, 0}, {0, 33, 64}}};
constexpr std::array poisons = {std::numeric_limits<double>::quiet_NaN(), 1e30};

void make(CaseMaker& maker) {
  for (const Shape& shape : shapes) {
    for (const double poison : poisons) {
      Case made = maker.plain(shape);
      made.poison = poison;
      maker.add_dense(made);
      made.threads = 3;
      for (const OperandId id : optional_operands(maker.op())) made[id].present = false;
      maker.add(made);
    }
  }
  // Each output by itself.
  for (const Shape& shape : {shapes[0], shapes[1]})
    for (const OperandId id : optional_operands(maker.op())) {
      if (!is_written(use_of(maker.op(), id))) continue;
      Case made = maker.plain(shape);
      for (const OperandId other : optional_operands(maker.op())) made[other].present = other == id;
      maker.add(made);
    }
  // A call that is not empty afterwards finds nothing spoilt.
  maker.add_dense(maker.plain({2, 3, 5}));
}

}  // namespace

Check empty() {
  return {.title = "no samples, no channels, no spatial elements",
          .why = "nobody tests the empty batch that the end of a data set or a filtered one makes",
          .cases = made_by("empty", make)};
}

}  // namespace normproof::conformance::checks
