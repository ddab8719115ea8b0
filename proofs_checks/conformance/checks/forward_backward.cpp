// Do forward and backward of one library fit together?
//
// Tried      the library's own training forward makes the saved statistics, the backward call reads them: shapes of
//            every kind, x near 0 and far from it, both dense layouts.
// Causes     variance saved where its inverse root is read, a low part that only one side knows, shapes derived
//            otherwise
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 12> shapes = {{{2, 3, 5},
                                           {1, 1, 2},
                                           {1, 4, 9},
                                           {7, 5, 1},
                                           {3, 16, 16},
                                           {2, 33, 3},
                                           {1, 1, 50},
                                           {16, 2, 40},
                                           {2, 65, 1},
                                           {3, 6, 129},
                                           {52, 7, 64},
                                           {1, 300, 3}}};

std::vector<Values> data() {
  return {recipe("spread", {0.75, 1.5}), recipe("spread", {1e4, 1}), recipe("constant", {14.3})};
}

void make(CaseMaker& maker) {
  if (maker.op() != NORMPROOF_BN_TRAIN_BACKWARD) return;
  for (const Shape& shape : shapes) {
    for (const Values& x : data()) {
      Case made = maker.plain(shape);
      made[OperandId::x].values = x;
      made.relation = Relation::forward_backward;
      maker.add_dense(made);
      if (shape.channels > 1 && maker.wide()) {
        made[OperandId::gamma].present = false;
        maker.add_dense(made);
      }
    }
  }
}

}  // namespace

Check forward_backward() {
  return {
      .title = "the library's forward makes what its backward reads",
      .why = "each may be right against a reference and mean another thing by what is saved",
      .cases = made_by("forward_backward", make),
      .not_applicable = only_for({NORMPROOF_BN_TRAIN_BACKWARD}, "the operation reads nothing that a forward saved")};
}

}  // namespace normproof::conformance::checks
