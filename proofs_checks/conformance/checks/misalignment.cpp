// Does the kernel ask no more alignment than that of an element?
//
// Tried      every operand some elements behind a boundary of 64 bytes: each alone, all alike, all differently; rows
//            that are and rows that are not a multiple of a vector long.
// Causes     vector loads and stores that need an aligned address, a peeled head that is counted twice or not at all
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<std::int64_t, 8> offsets = {1, 2, 3, 5, 7, 8, 11, 15};
constexpr std::array<Shape, 4> shapes = {{{3, 5, 17}, {2, 32, 16}, {5, 37, 1}, {2, 3, 64}}};
constexpr std::array<Shape, 3> more_shapes = {{{4, 16, 49}, {3, 100, 1}, {1, 3, 515}}};

void make(CaseMaker& maker) {
  std::vector<Shape> chosen(shapes.begin(), shapes.end());
  if (maker.wide()) chosen.insert(chosen.end(), more_shapes.begin(), more_shapes.end());
  const std::vector<OperandId> operands = operands_in_use(maker.op());
  std::size_t i = 0;
  for (const std::int64_t offset : offsets) {
    for (const OperandId id : operands) {
      for (std::size_t k = 0; k < maker.by_effort(1, chosen.size(), chosen.size()); ++k) {
        Case made = maker.plain(cycle(chosen, i++));
        made[id].offset = offset;
        maker.add_dense(made);
      }
    }
    for (const Shape& shape : chosen) {
      Case made = maker.plain(shape);
      for (const OperandId id : operands) made[id].offset = offset;
      maker.add_dense(made);
      std::size_t k = 0;
      for (const OperandId id : operands) made[id].offset = (offset + static_cast<std::int64_t>(3 * k++)) % 16;
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check misalignment() {
  return {.title = "operands that begin anywhere, each alone and all together",
          .why = "allocators return aligned memory, so an alignment that nobody promised is always there in tests",
          .cases = made_by("misalignment", make)};
}

}  // namespace normproof::conformance::checks
