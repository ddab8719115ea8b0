// Is Σ dx = 0 in every channel?
//
// Tried      dy with and without a mean, shapes of every kind, few and many values, x near 0 and far from it.
// Causes     mean(dy) left out or divided by the wrong count, statistics of the wrong axes
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 10> shapes = {{{2, 3, 5},
                                           {1, 4, 9},
                                           {7, 5, 1},
                                           {3, 16, 16},
                                           {2, 33, 3},
                                           {1, 1, 50},
                                           {16, 2, 40},
                                           {2, 65, 1},
                                           {2, 1, 1},
                                           {3, 2, 400}}};

std::vector<Values> gradients() {
  return {recipe("correlated", {0.3, 1, 0.5}), recipe("normal", {5, 1}), recipe("one"), recipe("same_as_x")};
}

void make(CaseMaker& maker) {
  if (maker.op() != NORMPROOF_BN_TRAIN_BACKWARD && maker.op() != NORMPROOF_FN_BACKWARD) return;
  std::size_t i = 0;
  for (const Shape& shape : shapes) {
    for (const Values& dy : gradients()) {
      Case made = maker.plain(shape);
      if (i++ % 2 == 1) made[OperandId::x].values = recipe("spread", {-50, 1});
      made[OperandId::dy].values = dy;
      made.relation = Relation::sum_of_dx;
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check sum_of_dx() {
  return {.title = "the gradient of x sums to 0 in every channel",
          .why = "it is the identity that a missing projection breaks first, with no reference needed",
          .cases = made_by("sum_of_dx", make),
          .not_applicable = only_for({NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_FN_BACKWARD},
                                     "the gradient does not go through statistics of x")};
}

}  // namespace normproof::conformance::checks
