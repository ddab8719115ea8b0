// Is each operand read and written by its own strides?
//
// Tried      every dense layout for each tensor by itself, the counts of channels and of spatial elements different.
//            Kernels that promise any strides: all orders of the extents for each tensor by itself, gaps, pads, and
//            strides of 0 for inputs. Others: a few strided calls, which must be refused or right.
// Causes     N×spatial×C walked as N×C×spatial, the layout of dy taken from x, strides ignored, a broadcast input
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 8> shapes = {
    {{2, 3, 5}, {3, 7, 4}, {2, 16, 9}, {1, 5, 8}, {4, 33, 17}, {3, 8, 8}, {2, 1, 6}, {5, 6, 1}}};
constexpr std::array<Shape, 4> more_shapes = {{{2, 64, 49}, {7, 40, 23}, {16, 20, 36}, {2, 129, 65}}};
const std::array<std::string, 2> dense_orders = {"bcs", "bsc"};
const std::array<std::string, 6> orders = {"bcs", "bsc", "cbs", "csb", "sbc", "scb"};
const std::array<std::string, 7> zeros = {"b", "c", "s", "bc", "bs", "cs", "bcs"};

// Each tensor in each of these orders, all combinations.
template <class Orders>
void every_combination(CaseMaker& maker, const Shape& shape, const Orders& choices, std::int64_t gap,
                       std::int64_t pad) {
  const std::vector<OperandId> tensors = tensors_in_use(maker.op());
  std::size_t combinations = 1;
  for (std::size_t k = 0; k < tensors.size(); ++k) combinations *= choices.size();
  for (std::size_t number = 0; number < combinations; ++number) {
    Case made = maker.plain(shape);
    std::size_t rest = number;
    for (const OperandId id : tensors) {
      made[id].layout = layout_of(cycle(choices, rest), gap, pad);
      rest /= choices.size();
    }
    maker.add(made);
  }
}

// One tensor apart from the others: gap, pad.
void one_strided(CaseMaker& maker, const Shape& shape, std::size_t i) {
  constexpr std::array<std::int64_t, 3> gaps = {1, 2, 3};
  constexpr std::array<std::int64_t, 4> pads = {5, 0, 1, 16};
  for (const OperandId id : tensors_in_use(maker.op())) {
    for (const std::string& order : dense_orders) {
      Case made = maker.plain(shape);
      made[id].layout = layout_of(order, cycle(gaps, i), cycle(pads, i));
      ++i;
      maker.add(made);
    }
  }
}

// Inputs that are broadcast over an extent or several.
void zero_strides(CaseMaker& maker, const Shape& shape) {
  for (const OperandId id : tensors_in_use(maker.op())) {
    if (is_written(use_of(maker.op(), id))) continue;
    for (const std::string& zero : zeros) {
      Case made = maker.plain(shape);
      made[id].layout.zero = zero;
      maker.add(made);
      lay_out(made, "bsc");
      made[id].layout.zero = zero;
      maker.add(made);
    }
  }
}

void make(CaseMaker& maker) {
  std::vector<Shape> chosen(shapes.begin(), shapes.end());
  if (maker.wide()) chosen.insert(chosen.end(), more_shapes.begin(), more_shapes.end());
  for (const Shape& shape : chosen) every_combination(maker, shape, dense_orders, 1, 0);
  std::size_t i = 0;
  for (std::size_t k = 0; k < (maker.kernel().any_strides ? chosen.size() : 2); ++k)
    one_strided(maker, chosen[k], i += 5);
  if (!maker.kernel().any_strides) return;
  for (std::size_t k = 0; k < maker.by_effort(1, 4, chosen.size()); ++k) {
    every_combination(maker, chosen[k], orders, 1, 0);
    if (maker.wide()) every_combination(maker, chosen[k], orders, 2, 3);
  }
  for (std::size_t k = 0; k < maker.by_effort(3, 6, chosen.size()); ++k) zero_strides(maker, chosen[k]);
}

}  // namespace

Check layouts() {
  return {.title = "every layout that is promised for each tensor by itself",
          .why = "one layout for all operands hides that one of them is walked by another one's strides",
          .cases = made_by("layouts", make)};
}

}  // namespace normproof::conformance::checks
