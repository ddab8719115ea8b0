// Does a channel of millions of values keep its digits?
//
// Tried      ones, a constant 0.1, positive normal values and a ramp; beyond 2^25 values in one channel at standard
//            effort, where a chain of sums in f32 stands still, 2^17 at quick effort, where it has lost digits.
// Causes     one chain of f32 sums, a count in f32, products of extents in 32 bits
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::int64_t quick_count = (std::int64_t{1} << 17) + 1;
constexpr std::int64_t standard_count = (std::int64_t{1} << 22) + 3;
constexpr std::int64_t where_f32_stands_still = (std::int64_t{1} << 25) + 1;

std::vector<Values> of_one_sign() {
  return {recipe("constant", {0.1}), recipe("normal", {1, 0.1}), recipe("ramp", {1, 1e-5}), recipe("one")};
}

void add(CaseMaker& maker, const Shape& shape, const Values& x) {
  Case made = maker.plain(shape);
  made[OperandId::x].values = x;
  give_statistics_of_x(made);
  maker.add_once(made);
}

void make(CaseMaker& maker) {
  const bool second_type = maker.dtype() != maker.kernel().dtypes.front();
  std::size_t i = 0;
  for (const Values& x : of_one_sign()) {
    if (second_type && !maker.deep()) continue;
    const bool exact = x.recipe == "one";  // up to 2^24 of them
    const bool by_batch = i++ % 2 == 1;
    if (exact && !maker.wide()) continue;
    if (by_batch || maker.wide()) add(maker, {quick_count, 1, 1}, x);
    if (!by_batch || maker.wide()) add(maker, {1, 1, quick_count}, x);
    if (!maker.wide()) continue;
    add(maker, {1, 1, standard_count}, x);
    add(maker, {standard_count, 1, 1}, x);
    if (!exact && x.recipe != "constant" && !maker.deep()) continue;
    add(maker, exact ? Shape{where_f32_stands_still, 1, 1} : Shape{1, 1, where_f32_stands_still}, x);
  }
}

}  // namespace

Check large_batch() {
  return {.title = "millions of values in one channel",
          .why = "2^24 ones are the most that a sum in f32 can count",
          .cases = made_by("large_batch", make)};
}

}  // namespace normproof::conformance::checks
