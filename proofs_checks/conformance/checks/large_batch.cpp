// Does a channel of millions of values keep its digits?
//
// Tried      ones, a constant 0.1, positive normal values and a ramp; values far from 0, and a last value that
//            outweighs all others; beyond 2^25 values in one channel at standard effort, where a chain of sums in f32
//            stands still, 2^17 at quick effort, where it has lost digits.
// Causes     one chain of f32 sums, a count in f32, products of extents in 32 bits, a tail that is left out or padded
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::int64_t quick_count = (std::int64_t{1} << 17) + 1;
constexpr std::int64_t standard_count = (std::int64_t{1} << 22) + 3;
constexpr std::int64_t where_f32_stands_still = (std::int64_t{1} << 25) + 1;

struct Long {
  Values x;
  bool last_outweighs = false;
};

// Far from 0: a zero too many in the tail is large beside the values' spread, and beside what rounding may do to it.
std::vector<Long> long_channels() {
  return {{recipe("constant", {0.1})},   {recipe("normal", {1, 0.1})},    {recipe("ramp", {1, 1e-5})}, {recipe("one")},
          {recipe("normal", {1000, 1})}, {recipe("normal", {0, 1}), true}};
}

void add(CaseMaker& maker, const Shape& shape, const Long& of) {
  Case made = maker.plain(shape);
  made[OperandId::x].values = of.x;
  constexpr std::size_t turn_of_the_last = 2;
  if (of.last_outweighs) weigh_elements(made, turn_of_the_last);
  give_statistics_of_x(made);
  maker.add_once(made);
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (const Long& x : long_channels()) {
    if (!maker.is_first_type() && !maker.deep()) continue;
    const bool exact = x.x.recipe == "one";  // up to 2^24 of them
    const bool by_batch = i++ % 2 == 1;
    if (exact && !maker.wide()) continue;
    if (by_batch || maker.wide()) add(maker, {quick_count, 1, 1}, x);
    if (!by_batch || maker.wide()) add(maker, {1, 1, quick_count}, x);
    if (!maker.wide()) continue;
    add(maker, {1, 1, standard_count}, x);
    add(maker, {standard_count, 1, 1}, x);
    if (!exact && x.x.recipe != "constant" && !maker.deep()) continue;
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
