// Are the gradients linear in dy?
//
// Tried      combinations of two upstream gradients, shapes of every kind, x near 0 and far from it.
// Causes     a term with dy squared or left out, outputs added up from call to call, a mask on dy
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 9> shapes = {
    {{2, 3, 5}, {1, 4, 9}, {7, 5, 1}, {3, 16, 16}, {2, 33, 3}, {1, 1, 50}, {16, 2, 40}, {2, 65, 1}, {2, 1, 1}}};

void make(CaseMaker& maker) {
  if (!is_backward(maker.op())) return;
  for (const Shape& shape : shapes) {
    for (const Values& x : {recipe("spread", {0.75, 1.5}), recipe("spread", {200, 1})}) {
      Case made = maker.plain(shape);
      made[OperandId::x].values = x;
      made.relation = Relation::linear_in_dy;
      give_statistics_of_x(made);
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check linear_in_dy() {
  return {.title = "gradients of a combination are the combination of the gradients",
          .why = "linearity holds for every right backward pass, whatever reading of its formula a reference has",
          .cases = made_by("linear_in_dy", make),
          .not_applicable = only_for({NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_BN_INFER_BACKWARD, NORMPROOF_FN_BACKWARD},
                                     "the operation has no gradients")};
}

}  // namespace normproof::conformance::checks
