// Does another order of the samples move the outputs along and change nothing else?
//
// Tried      shapes of every kind with two samples or more, data near 0 and far from it, an outlier in the first one.
// Causes     the first or the last samples treated apart, a shift by the first value, an index of the batch that leaks
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 8> shapes = {
    {{2, 3, 5}, {3, 4, 9}, {7, 5, 1}, {4, 16, 16}, {5, 33, 3}, {9, 1, 50}, {33, 2, 7}, {70, 3, 1}}};

std::vector<Values> data() {
  return {recipe("spread", {0.75, 1.5}), recipe("spread", {-300, 1}), recipe("one_outlier", {1e3, 1})};
}

void make(CaseMaker& maker) {
  for (const Shape& shape : shapes) {
    for (const Values& x : data()) {
      Case made = maker.plain(shape);
      made[OperandId::x].values = x;
      made.relation = Relation::permute_samples;
      give_statistics_of_x(made);
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check permute_samples() {
  return {.title = "samples in another order: outputs move along",
          .why = "a batch is a set; a kernel that treats its ends apart shows it here with no reference",
          .cases = made_by("permute_samples", make)};
}

}  // namespace normproof::conformance::checks
