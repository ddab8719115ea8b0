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

#include <cstdint>

#include "impl/kernels/vector/channels.hpp"

namespace normproof::kernels::vector {

// trusted[k] is 1 or 0, for the channels 0 … count − 1. Whether all are. In channel_arithmetic.cpp, for each target.
bool are_trusted(std::int64_t count, const ChannelSums& sums, double m, bool backward, double* trusted);

}  // namespace normproof::kernels::vector
