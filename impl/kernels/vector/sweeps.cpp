// Which value is subtracted from a channel before its sums are formed?
#include "impl/kernels/vector/sweeps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace normproof::kernels::vector {
namespace {

// Of `values` values of each channel, values_apart from each other, the one nearest to their mean.
template <int values>
void choose(const float* x, std::int64_t channels_apart, std::int64_t values_apart, std::int64_t count, float* chosen) {
  constexpr float share = 1.0f / values;  // a power of two
  for (std::int64_t c = 0; c < count; ++c) {
    const float* const of_channel = x + c * channels_apart;
    float mean = 0;
    for (int k = 0; k < values; ++k) mean += of_channel[k * values_apart] * share;
    float nearest = of_channel[0], distance = std::abs(nearest - mean);
    for (int k = 1; k < values; ++k) {
      const float value = of_channel[k * values_apart], off = std::abs(value - mean);
      nearest = off < distance ? value : nearest;
      distance = off < distance ? off : distance;
    }
    chosen[c] = nearest;
  }
}

template <int values>
void choose(const Work& work, std::int64_t first, std::int64_t count, float* chosen) {
  const DenseShape& shape = work.shape;
  if (shape.planes) return choose<values>(work.x + first * shape.spatial, shape.spatial, 1, count, chosen);
  const std::int64_t places = shape.columns_per_channel;
  // By itself, for then compilers make vectors of the loop.
  if (places == 1) return choose<values>(work.x + first, 1, shape.columns, count, chosen);
  choose<values>(work.x + first * places, places, shape.columns, count, chosen);
}

void shifts(const Work& work, std::int64_t first, std::int64_t count, float* chosen) {
  const std::int64_t there = work.shape.planes ? work.shape.spatial : work.shape.rows;
  if (there >= 8) return choose<8>(work, first, count, chosen);
  if (there >= 4) return choose<4>(work, first, count, chosen);
  if (there >= 2) return choose<2>(work, first, count, chosen);
  choose<1>(work, first, count, chosen);
}

// No float is larger; a NaN stays one.
float nearest_float(double value) {
  constexpr double most = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(value, -most, most));
}

}  // namespace

About shifts_of(const Work& work) {
  return [&work](std::int64_t first, std::int64_t count, float* about) { shifts(work, first, count, about); };
}

About means_of(const normproof_vector& high, const normproof_vector& low) {
  return [&high, &low](std::int64_t first, std::int64_t count, float* about) {
    for (std::int64_t at = 0; at < count; at += most_channels) {
      const ChannelRange range{first + at, std::min(most_channels, count - at)};
      double of_high[most_channels], of_low[most_channels];
      read(high, range, 0, of_high);
      read(low, range, 0, of_low);
      for (std::int64_t k = 0; k < range.count; ++k) about[at + k] = nearest_float(of_high[k] + of_low[k]);
    }
  };
}

}  // namespace normproof::kernels::vector
