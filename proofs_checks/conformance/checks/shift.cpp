// Does y stay when a constant is added to x?
//
// Tried      shapes of every kind, data near 0 and far from it.
// Causes     E[x²] − E[x]², a mean that is not subtracted or not finished
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 8> shapes = {
    {{2, 3, 5}, {1, 4, 9}, {7, 5, 1}, {3, 16, 16}, {2, 33, 3}, {1, 1, 50}, {16, 2, 40}, {2, 65, 1}}};

std::vector<Values> data() {
  return {recipe("spread", {0, 1}), recipe("integers", {-50, 50}), recipe("spread", {-100, 3}),
          recipe("two_valued", {1, 0.5})};
}

void make(CaseMaker& maker) {
  if (maker.op() != NORMPROOF_BN_TRAIN) return;
  for (const Shape& shape : shapes) {
    for (const Values& x : data()) {
      Case made = maker.plain(shape);
      made[OperandId::x].values = x;
      made.relation = Relation::shift;
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check shift() {
  return {.title = "a constant added to x: the same y",
          .why = "cancellation against the mean shows as a change of y, with no reference needed",
          .cases = made_by("shift", make),
          .not_applicable = only_for({NORMPROOF_BN_TRAIN}, "only batch statistics move along with x")};
}

}  // namespace normproof::conformance::checks
