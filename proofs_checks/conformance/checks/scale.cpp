// Does y stay when x is doubled and eps is four times as large?
//
// Tried      shapes of every kind, eps from tiny to larger than the variance; statistics that are given are scaled
//            along.
// Causes     eps outside the root or added twice, a constant that has the scale of the test's data
#include <algorithm>
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 8> shapes = {
    {{2, 3, 5}, {1, 4, 9}, {7, 5, 1}, {3, 16, 16}, {2, 33, 3}, {1, 1, 50}, {16, 2, 40}, {2, 65, 1}}};
constexpr std::array eps_values = {1e-12, 1e-5, 1e-2, 3.0};

// Those whose y follows from x and statistics that can be doubled along with it.
const std::vector<normproof_op> ops = {NORMPROOF_BN_TRAIN, NORMPROOF_BN_INFER, NORMPROOF_FN_INFER};

void make(CaseMaker& maker) {
  if (std::find(ops.begin(), ops.end(), maker.op()) == ops.end()) return;
  for (const Shape& shape : shapes) {
    for (const double eps : eps_values) {
      Case made = maker.plain(shape);
      made.eps = eps;
      made.relation = Relation::scale;
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check scale() {
  return {.title = "x doubled and eps four times as large: the same y",
          .why = "the formula has no scale of its own, and this needs no reference to see one",
          .cases = made_by("scale", make),
          .not_applicable = only_for(ops, "y of the operation does not follow from x, given statistics and eps alone")};
}

}  // namespace normproof::conformance::checks
