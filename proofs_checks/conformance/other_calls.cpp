// Which other calls may stand before a call, beside it, or in its place?
#include "proofs_checks/conformance/other_calls.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>

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

bool is_valid(const Case& described) {
  try {
    require_valid(described);
  } catch (const CaseError&) {
    return false;
  }
  return true;
}

bool can_be_made(const OtherCall& other) {
  return is_valid(other.described) && other.described.elements() <= most_elements_of_others;
}

std::vector<OtherCall> those_that_can_be_made(std::vector<OtherCall> all) {
  std::erase_if(all, [](const OtherCall& other) { return !can_be_made(other); });
  return all;
}

bool is_state(OperandId id) {
  return id == OperandId::fn_mean || id == OperandId::fn_mean_low || id == OperandId::fn_square;
}

Case with_vectors_in(const Case& described, normproof_dtype parameters, normproof_dtype state) {
  Case other = described;
  for (const OperandId id : all_operands())
    if (!is_tensor(id)) other[id].dtype = is_state(id) ? state : parameters;
  return other;
}

enum class Away { nothing, optional_inputs, optional_inputs_and_outputs };

Case without(const Case& described, Away away) {
  Case other = described;
  for (const OperandId id : all_operands()) {
    const Use use = use_of(described.op, id);
    const bool goes = away == Away::optional_inputs_and_outputs || (away == Away::optional_inputs && !is_written(use));
    if (goes && is_optional(use) && id != OperandId::dx) other[id].present = false;
  }
  return other;
}

Case laid_out(const Case& described, const char* order, std::int64_t most_gap) {
  Case other = described;
  for (const OperandId id : all_operands()) {
    if (!is_tensor(id)) continue;
    other[id].layout.order = order;
    other[id].layout.gap = std::min(other[id].layout.gap, most_gap);
  }
  return other;
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

std::vector<Case> calls_alike(const Case& described) {
  // A kernel may be made for whole vectors or blocks of channels only, or for one eps (LIBXSMM's has 1e-7 built in).
  // Not all extents are 1: strides mean nothing there, and what is promised of them would not be tried.
  struct Extents {
    std::int64_t batch, channels, spatial;
  };
  constexpr std::array<Extents, 3> others = {{{4, 17, 7}, {8, 64, 16}, {64, 128, 1}}};
  constexpr std::array<double, 5> other_eps = {1e-3, 1e-6, 1e-7, 1e-12, 0};
  std::vector<Case> of_shapes = {described};
  for (const Extents& extents : others) {
    Case& other = of_shapes.emplace_back(described);
    other.batch = extents.batch;
    other.channels = extents.channels;
    other.spatial = extents.spatial;
  }
  // Any strides with elements side by side are any strides still.
  constexpr std::array<std::int64_t, 2> gaps = {most_gap, 1};
  std::vector<double> eps(other_eps.begin(), other_eps.end());
  eps.insert(eps.begin(), described.eps);
  std::vector<Case> alike;
  std::unordered_set<std::string> known = {text(described)};
  const auto add = [&](Case other) {
    if (is_valid(other) && known.insert(text(other)).second) alike.push_back(std::move(other));
  };
  for (const double of_other : eps)
    for (Case shape : of_shapes) {
      shape.eps = of_other;
      for (const char* const order : {"bcs", "bsc", "csb"})
        for (const std::int64_t gap : gaps)
          for (const normproof_dtype parameters : {NORMPROOF_F32, NORMPROOF_F64})
            for (const normproof_dtype state : {NORMPROOF_F64, NORMPROOF_F32})
              for (const Away away : {Away::nothing, Away::optional_inputs, Away::optional_inputs_and_outputs})
                add(without(with_vectors_in(laid_out(shape, order, gap), parameters, state), away));
    }
  return alike;
}

}  // namespace normproof::conformance
