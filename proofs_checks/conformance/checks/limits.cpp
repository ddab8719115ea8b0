// Does the partition of work hold where counts leave 16 bits?
//
// Tried      65535, 65536 and 65537 samples and spatial elements; so many channels, too, but at quick effort 65537
//            alone, and in one type.
// Causes     a grid dimension over 65535, an index or a count in 16 bits, a scratch table of a fixed size
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<std::int64_t, 3> around_16_bits = {65535, 65536, 65537};
constexpr std::array<std::int64_t, 4> wide_limits = {131071, 131073, 262145, 1048577};
constexpr std::array orders = {"bcs", "bsc"};

std::vector<Shape> shapes_with(const CaseMaker& maker, std::int64_t n, std::size_t i) {
  if (maker.wide()) return {{n, 1, 1}, {n, 1, 2}, {n, 2, 1}, {1, n, 2}, {2, n, 1}, {1, 1, n}, {1, 2, n}, {2, 1, n}};
  if (i == 0) return {{n, 1, 1}, {1, 2, n}};
  if (i == 1) return {{n, 2, 1}, {1, 1, n}};
  // So many channels cost the most, the largest count shows the most, and it does not depend on the type.
  return maker.is_first_type() ? std::vector<Shape>{{n, 1, 1}, {2, n, 1}, {1, 2, n}} : std::vector<Shape>{{1, 2, n}};
}

void of_size(CaseMaker& maker, std::int64_t n, std::size_t i) {
  std::size_t k = i;
  for (const Shape& shape : shapes_with(maker, n, i)) {
    Case made = maker.plain(shape);
    weigh_elements(made, shape.channels > 2 ? 0 : 2 - k % 2);
    lay_out(made, cycle(orders, k++));
    maker.add(made);
    lay_out(made, cycle(orders, k));
    if (maker.wide()) maker.add(made);
  }
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (const std::int64_t n : around_16_bits) of_size(maker, n, i++);
  for (std::size_t k = 0; k < maker.by_effort(0, 2, wide_limits.size()); ++k) of_size(maker, wide_limits[k], i++);
}

}  // namespace

Check limits() {
  return {.title = "around 65536 samples, channels, spatial elements",
          .why = "launch limits and 16-bit counts are far above the sizes of ordinary tests",
          .cases = made_by("limits", make)};
}

}  // namespace normproof::conformance::checks
