// Is every subset of the optional operands right?
//
// Tried      all of them, exhaustively, with both kinds of running variance where the operation has one; those of the
//            outputs with one, two and three values in a channel, too.
// Causes     a missing operand dereferenced, one of two handled only with the other, an output computed from one that
//            is not wanted, a branch for a rare subset that nobody ran
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 5> shapes = {{{3, 5, 7}, {2, 3, 4}, {6, 17, 1}, {1, 2, 33}, {4, 16, 9}}};
constexpr std::array<Shape, 5> few_values = {{{1, 5, 1}, {2, 4, 1}, {1, 3, 2}, {3, 9, 1}, {1, 2, 3}}};

// The ways for few values and those for absent outputs meet: nothing may change, or be divided by m − 1 = 0, where
// there is one value.
void make_of_few_values(CaseMaker& maker) {
  std::vector<OperandId> optional = optional_operands(maker.op());
  std::erase_if(optional, [&](OperandId id) { return !is_written(use_of(maker.op(), id)); });
  const bool has_kinds = maker.op() == NORMPROOF_BN_TRAIN;
  std::size_t i = 0;
  for (std::size_t present = 0; present < std::size_t{1} << optional.size(); ++present) {
    for (const Shape& shape : few_values) {
      Case made = maker.plain(shape);
      if (has_kinds && (present + i++) % 2 == 0) made.variance = NORMPROOF_VAR_BIASED;
      for (std::size_t bit = 0; bit < optional.size(); ++bit) made[optional[bit]].present = (present >> bit) & 1;
      maker.add(made);
    }
  }
}

void make(CaseMaker& maker) {
  const std::vector<OperandId> optional = optional_operands(maker.op());
  const std::size_t subsets = std::size_t{1} << optional.size();
  std::size_t i = 0;
  for (std::size_t present = 0; present < subsets; ++present) {
    for (const normproof_variance_kind kind : {NORMPROOF_VAR_BIASED, NORMPROOF_VAR_UNBIASED}) {
      if (kind == NORMPROOF_VAR_UNBIASED && maker.op() != NORMPROOF_BN_TRAIN) continue;
      for (std::size_t k = 0; k < maker.by_effort(1, 3, shapes.size()); ++k) {
        Case made = maker.plain(cycle(shapes, i + k));
        made.variance = kind;
        for (std::size_t bit = 0; bit < optional.size(); ++bit) made[optional[bit]].present = (present >> bit) & 1;
        maker.add_dense(made);
      }
      ++i;
    }
  }
  make_of_few_values(maker);
}

}  // namespace

Check optional_operands() {
  return {.title = "every subset of the optional operands present",
          .why = "tests with gamma, beta and every output given never enter the branches for one that is not",
          .cases = made_by("optional_operands", make)};
}

}  // namespace normproof::conformance::checks
