// Are operands that may share memory allowed to?
//
// Tried      where it is promised, y in the place of x and dx in the place of dy; in every backward operation dy and x
//            the same memory, for both are only read.
// Causes     an input used as scratch, an output written before the last read of what it replaces
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 14> shapes = {{{2, 3, 5},
                                           {1, 1, 1},
                                           {1, 4, 9},
                                           {4, 7, 1},
                                           {3, 16, 16},
                                           {2, 5, 33},
                                           {5, 33, 3},
                                           {1, 1, 70},
                                           {64, 2, 1},
                                           {2, 64, 49},
                                           {3, 1, 257},
                                           {2, 130, 2},
                                           {17, 3, 17},
                                           {1, 2, 1025}}};
constexpr std::array<Shape, 4> more_shapes = {{{8, 32, 100}, {2, 3, 4097}, {300, 5, 3}, {2, 1030, 3}}};
constexpr std::array<std::int64_t, 3> offsets = {0, 1, 3};

void in_place(CaseMaker& maker, const Shape& shape, std::size_t i) {
  const bool forward = is_forward(maker.op());
  const OperandId replaced = forward ? OperandId::x : OperandId::dy;
  const OperandId written = forward ? OperandId::y : OperandId::dx;
  for (const std::int64_t offset : offsets) {
    Case made = maker.plain(shape);
    made.in_place = true;
    made[replaced].offset = made[written].offset = offset;
    made.guard_in_front = i % 2 == 0;
    maker.add_dense(made);
  }
  if (!maker.kernel().any_strides) return;
  Case made = maker.plain(shape);
  made.in_place = true;
  made[replaced].layout = made[written].layout = layout_of("csb", 2, 3);
  maker.add(made);
}

void make(CaseMaker& maker) {
  std::vector<Shape> chosen(shapes.begin(), shapes.end());
  if (maker.wide()) chosen.insert(chosen.end(), more_shapes.begin(), more_shapes.end());
  std::size_t i = 0;
  for (const Shape& shape : chosen) {
    if (maker.kernel().in_place) in_place(maker, shape, i++);
    if (!is_backward(maker.op())) continue;
    Case made = maker.plain(shape);
    made[OperandId::dy].values = recipe("same_as_x");
    maker.add_dense(made);
  }
}

std::string not_applicable(const Declared& kernel) {
  if (kernel.in_place || is_backward(kernel.op)) return "";
  return "the kernel does not promise that y may be x, and has no other operands that may share memory";
}

}  // namespace

Check aliasing() {
  return {.title = "operands that share memory where the interface allows it",
          .why = "fresh and separate buffers hide that an input is destroyed or read too late",
          .cases = made_by("aliasing", make),
          .not_applicable = not_applicable};
}

}  // namespace normproof::conformance::checks
