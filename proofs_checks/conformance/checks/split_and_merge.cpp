// Are the statistics of a batch those of its halves, merged?
//
// Tried      even and odd batches, shapes of every kind, data near 0 and far from it, halves that differ.
// Causes     partial statistics merged with wrong weights, variances averaged without the distance of the means
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 9> shapes = {
    {{2, 3, 5}, {3, 4, 9}, {7, 5, 1}, {4, 16, 16}, {5, 33, 3}, {9, 1, 50}, {16, 2, 40}, {2, 65, 1}, {64, 3, 1}}};

std::vector<Values> data() {
  return {recipe("spread", {0.75, 1.5}), recipe("spread", {-300, 1}), recipe("ramp", {-3, 0.5}),
          recipe("one_outlier", {50, 1})};
}

void make(CaseMaker& maker) {
  if (maker.op() != NORMPROOF_BN_TRAIN) return;
  for (const Shape& shape : shapes) {
    for (const Values& x : data()) {
      Case made = maker.plain(shape);
      made[OperandId::x].values = x;
      made.relation = Relation::split_and_merge;
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check split_and_merge() {
  return {.title = "the statistics of two halves, merged, are those of the whole",
          .why = "a count or a weight that is wrong in the merge cancels when all parts are alike",
          .cases = made_by("split_and_merge", make),
          .not_applicable = only_for({NORMPROOF_BN_TRAIN}, "the operation makes no batch statistics")};
}

}  // namespace normproof::conformance::checks
