// Which other calls may stand before a call, or beside it, that a kernel must not mix up with it?
#include "proofs_checks/conformance/other_calls.hpp"

#include <algorithm>
#include <cstdint>

namespace normproof::conformance {
namespace {

constexpr std::int64_t most_elements_of_others = 1'000'000;

// The turn-th call of the case's shape that has nothing else in common with it but how its operands lie.
Case with_other_values(const Case& described, std::uint64_t turn) {
  constexpr double other_eps = 1, another_eps = 1e-2, other_momentum = 0.9, another_momentum = 0.3;
  Case other = described;
  other.relation = Relation::value;
  other.seed = described.seed + 2 * turn;  // even or odd as that of the case: memory.hpp
  other.eps = described.eps == other_eps || turn % 2 == 0 ? another_eps : other_eps;
  other.momentum = described.momentum == other_momentum || turn % 2 == 0 ? another_momentum : other_momentum;
  other.variance = described.variance == NORMPROOF_VAR_BIASED ? NORMPROOF_VAR_UNBIASED : NORMPROOF_VAR_BIASED;
  const normproof_dtype dtype_of_x = described[OperandId::x].present ? described[OperandId::x].dtype : NORMPROOF_F32;
  for (const OperandId id : all_operands())
    if (is_read(use_of(described.op, id))) other[id].values = plain_operand(described.op, dtype_of_x, id).values;
  return other;
}

Case with_other_operands(const Case& described, std::uint64_t turn) {
  Case other = with_other_values(described, turn);
  for (const OperandId id : all_operands()) {
    const Use use = use_of(described.op, id);
    if (is_optional(use) && is_read(use)) other[id].present = !other[id].present;
  }
  return other;
}

Case of_a_smaller_shape(const Case& described, std::uint64_t turn) {
  Case other = with_other_values(described, turn);
  for (std::int64_t* const extent : {&other.batch, &other.channels, &other.spatial})
    if (*extent > 1) *extent /= 2;
  return other;
}

Case of_a_larger_shape(const Case& described, std::uint64_t turn) {
  Case other = with_other_values(described, turn);
  other.batch += 1;
  other.channels = 2 * other.channels + 1;
  other.spatial = 2 * other.spatial + 1;
  return other;
}

bool can_be_made(const OtherCall& other) {
  try {
    require_valid(other.described);
  } catch (const CaseError&) {
    return false;
  }
  return other.described.elements() <= most_elements_of_others;
}

std::vector<OtherCall> those_that_can_be_made(std::vector<OtherCall> all) {
  std::erase_if(all, [](const OtherCall& other) { return !can_be_made(other); });
  return all;
}

}  // namespace

std::vector<OtherCall> calls_before(const Case& described) {
  std::uint64_t turn = 0;
  return those_that_can_be_made({{of_a_smaller_shape(described, ++turn), "of a smaller shape"},
                                 {with_other_values(described, ++turn), "of the same shape"},
                                 {with_other_operands(described, ++turn), "with other optional operands"},
                                 {of_a_larger_shape(described, ++turn), "of a larger shape"}});
}

OtherCall call_between(const Case& described) {
  constexpr std::uint64_t turn = 5;
  return {with_other_values(described, turn), "of the same shape"};
}

std::vector<OtherCall> calls_beside(const Case& described) {
  std::uint64_t turn = 0;
  return those_that_can_be_made({{with_other_values(described, ++turn), "of the same shape"},
                                 {of_a_smaller_shape(described, ++turn), "of a smaller shape"}});
}

}  // namespace normproof::conformance
