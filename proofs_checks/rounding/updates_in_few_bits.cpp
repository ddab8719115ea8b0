// How are all sequences run through?
#include "proofs_checks/rounding/updates_in_few_bits.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

#include "impl/reference/rounded_normalization.hpp"
#include "proofs_checks/numbers/few_bits.hpp"
#include "proofs_checks/rounding/error_tally.hpp"

namespace normproof::rounding {

namespace {

constexpr int bits = 3;
using Few = numbers::FewBits<bits>;

// 0 and, of either sign, 1/4 … 7/2: two binades would do, for everything scales; four let values of very different
// sizes meet.
std::vector<Few> values() {
  std::vector<Few> all = {Few(0)};
  for (int exponent = -2; exponent <= 1; ++exponent)
    for (int mantissa = 4; mantissa < 8; ++mantissa)
      for (const int sign : {1, -1}) all.emplace_back(sign * std::ldexp(mantissa / 4.0, exponent));
  return all;
}

void continue_sequence(const reference::Part<Few>& part, std::size_t count, const std::vector<Few>& all,
                       ErrorTally& tally) {
  if (part.count == count) {
    tally.add(-static_cast<double>(part.squares), 0);
    return;
  }
  for (const Few& value : all) continue_sequence(reference::welford_update(part, value), count, all, tally);
}

RoundingPoint every_sequence(std::size_t count) {
  return {.id = fmt::format("updates_of_every_sequence/bits={}/count={}", bits, count),
          .enumerated = true,
          .cost = std::pow(10, count),
          .measure = [=](const RoundingRun&) {
            ErrorTally tally;
            continue_sequence({}, count, values(), tally);
            return std::vector<RoundingTally>{tally.tally()};
          }};
}

}  // namespace

std::vector<RoundingPoint> updates_of_every_sequence(evidence::Effort effort) {
  const std::size_t most = effort == evidence::Effort::quick ? 3 : 4;
  std::vector<RoundingPoint> points;
  for (std::size_t count = 2; count <= most; ++count) points.push_back(every_sequence(count));
  return points;
}

}  // namespace normproof::rounding
