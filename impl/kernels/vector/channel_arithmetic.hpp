// Which arithmetic on arrays of channels has a version for each vector target?
//
// Plain loops: compilers make vectors of them, as wide as the target's. Every sum and product is rounded by itself for
// every target, so all versions give the same bits.
#pragma once

#include <cstdint>

#include "impl/kernels/vector/channels.hpp"

namespace normproof::kernels::vector {

// Where the numbers of FloatMap go (element_maps.hpp), one for each channel.
struct FloatMapArrays {
  float *high, *slope, *from_dy, *constant;
};

// The maps of `count` channels, at most most_channels, rounded to float. can_be[k] is 1 where a channel can be done so,
// else 0, and its numbers are 0. root_m = √m, m the number of values that the statistics are of.
void round_maps(std::int64_t count, const ExactMaps& exact, double root_m, const FloatMapArrays& to, double* can_be);

// Of `values` values of each of `count` channels, values_apart from each other, the one nearest to their mean.
// `values` is 1, 2, 4 or 8.
void choose_shifts(const float* x, int values, std::int64_t channels_apart, std::int64_t values_apart,
                   std::int64_t count, float* chosen);

// sums[k] += more[k].
void add_to(double* sums, const double* more, std::int64_t count);

}  // namespace normproof::kernels::vector
