// Can sums that were formed in two levels be trusted, or are they to be formed again in double?
//
// What       In float, terms are x − about and its square, or dy and dy (x − about) (terms.hpp). Their sums, first and
//            second, over m values, are trusted where
//              forward    m 2^-100 ≤ second < ∞  and  first²/m ≤ 3/4 · second
//              backward   m 2^-100 ≤ |second| < ∞  and  |first| < ∞
// Overflow   of any sum or product in float leaves an infinity or a NaN in first or second.
// Underflow  costs a product or a square 2^-149 or less, each sum of them nothing; together no more than 2^-48 of what
//            second is at least. Where the products cancel beyond that, or are all 0, nothing is lost but time.
// Shift      The sum of squares about the mean is second − first²/m, at least a quarter of second: so roundings of
//            second are at most four times as large beside it. A channel that does not pass has first values that are
//            unlike the others.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "impl/kernels/vector/channels.hpp"

namespace normproof::kernels::vector {

// trusted[k] is 1 or 0, for the channels 0 … count − 1. Whether all are.
inline bool are_trusted(std::int64_t count, const ChannelSums& sums, double m, bool backward, double* trusted) {
  constexpr double least_mean = 0x1p-100, most = std::numeric_limits<double>::max(), share = 0.75;
  const double least = m * least_mean;
  if (backward) {
    for (std::int64_t k = 0; k < count; ++k) {
      const double size = std::abs(sums.second[k]);
      const int is = int{least <= size} & int{size <= most} & int{std::abs(sums.first[k]) <= most};
      trusted[k] = is != 0 ? 1.0 : 0.0;
    }
  } else {
    for (std::int64_t k = 0; k < count; ++k) {
      const double square = sums.first[k] * sums.first[k], limit = share * m * sums.second[k];
      const int is = int{least <= sums.second[k]} & int{sums.second[k] <= most} & int{square <= limit};
      trusted[k] = is != 0 ? 1.0 : 0.0;
    }
  }
  return are_all_set(trusted, count);
}

}  // namespace normproof::kernels::vector
