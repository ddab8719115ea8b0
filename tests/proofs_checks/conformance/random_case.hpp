// Which cases do the tests of cases, values and memory try? Any that is valid, all of its fields at random.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/recipes.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::conformance::samples {

using inputs::RandomStream;

template <class Items>
auto one_of(RandomStream& random, const Items& items) {
  return items[random.below(std::size(items))];
}

// Any double: random bits, so every exponent, NaN and ∞ among them, or one that reads well.
inline double any_number(RandomStream& random) {
  constexpr std::array<double, 8> special = {
      0, -0.0, 1, -1.5, 1e-5, 0x1p-1074, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::max()};
  if (random.chance(1, 2)) return one_of(random, special);
  double value = 0;
  const std::uint64_t bits = random.next_uint64();
  static_assert(sizeof value == sizeof bits);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline double finite_number(RandomStream& random) {
  for (;;)
    if (const double value = any_number(random); std::isfinite(value)) return value;
}

// A recipe with parameters that it takes, for the operand.
inline Values any_recipe(RandomStream& random, OperandId id) {
  Values values;
  do {
    const Recipe recipe = one_of(random, recipes());
    const std::size_t count =
        recipe.fewest_parameters + random.below(recipe.most_parameters - recipe.fewest_parameters + 1);
    values.recipe = recipe.name;
    values.parameters.clear();
    for (std::size_t k = 0; k < count; ++k)
      values.parameters.push_back(random.chance(1, 2) ? static_cast<double>(random.below(20)) : finite_number(random));
  } while (!recipe_problem(values, id).empty());
  return values;
}

inline Values any_values(RandomStream& random, OperandId id, std::int64_t count) {
  Values values = any_recipe(random, id);
  if (random.chance(1, 4))
    for (std::uint64_t k = random.below(4); k > 0; --k)
      values.plants.push_back({static_cast<std::int64_t>(random.below(5)) - 1,
                               static_cast<Plant::Position>(random.below(3)), any_number(random)});
  if (random.chance(1, 4)) values.bits = static_cast<int>(random.below(most_bits + 1));
  if (random.chance(1, 8))
    for (std::int64_t k = 0; k < count; ++k) values.literal.push_back(any_number(random));
  return values;
}

inline Layout any_layout(RandomStream& random, bool written) {
  constexpr std::array<const char*, 6> orders = {"bcs", "bsc", "cbs", "csb", "sbc", "scb"};
  constexpr std::array<const char*, 8> zeros = {"", "b", "c", "s", "bc", "bs", "cs", "bcs"};
  Layout layout;
  layout.order = one_of(random, orders);
  if (random.chance(1, 3)) layout.gap = 1 + static_cast<std::int64_t>(random.below(4));
  if (random.chance(1, 3)) layout.pad = static_cast<std::int64_t>(random.below(9));
  if (!written && random.chance(1, 4)) layout.zero = one_of(random, zeros);
  return layout;
}

// Small: at most 6·5·40 elements. Without far layouts, which cost a page for each place.
inline Case any_case(RandomStream& random) {
  const normproof_op op = one_of(random, all_ops());
  const normproof_dtype dtype = random.chance(1, 2) ? NORMPROOF_F32 : NORMPROOF_F64;
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
  Case any = plain_case(op, dtype, below(7), below(6), below(41), random.next_uint64());
  for (const OperandId id : all_operands()) {
    const Use use = use_of(op, id);
    if (use == Use::unused || random.chance(1, 3)) continue;
    Operand& operand = any[id];
    operand.present = !is_optional(use) || !random.chance(1, 3);
    operand.dtype = random.chance(1, 2) ? NORMPROOF_F32 : NORMPROOF_F64;
    operand.offset = below(most_offset + 1);
    if (is_tensor(id)) operand.layout = any_layout(random, is_written(use));
    if (is_read(use)) operand.values = any_values(random, id, any.values_of(id));
  }
  const InPlace pair = in_place_pair(op);
  any.in_place = any[pair.written].present && any[pair.read].layout.zero.empty() && random.chance(1, 3);
  if (any.in_place) {
    any[pair.written].dtype = any[pair.read].dtype;
    any[pair.written].layout = any[pair.read].layout;
    any[pair.written].offset = any[pair.read].offset;
  }
  if (random.chance(1, 2)) any.check = "some_check_2";
  if (random.chance(1, 2)) any.eps = any_number(random);
  if (random.chance(1, 2)) any.momentum = any_number(random);
  if (random.chance(1, 2)) any.variance = NORMPROOF_VAR_BIASED;
  if (random.chance(1, 2)) any.threads = 1 + static_cast<int>(random.below(most_threads));
  if (random.chance(1, 2)) any.poison = finite_number(random);
  any.guard_in_front = random.chance(1, 2);
  if (random.chance(1, 4)) any.call_size = static_cast<std::uint32_t>(random.below(1000));
  any.relation = static_cast<Relation>(random.below(static_cast<std::uint64_t>(Relation::forward_backward) + 1));
  return any;
}

}  // namespace normproof::conformance::samples
