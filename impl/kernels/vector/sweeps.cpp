// Which value is subtracted from a channel before its sums are formed?
#include "impl/kernels/vector/sweeps.hpp"

#include <algorithm>
#include <limits>

namespace normproof::kernels::vector {
namespace {

void shifts(const Work& work, std::int64_t first, std::int64_t count, float* chosen) {
  const DenseShape& shape = work.shape;
  const std::int64_t there = shape.planes ? shape.spatial : shape.rows;
  const int values = there >= 8 ? 8 : there >= 4 ? 4 : there >= 2 ? 2 : 1;
  const std::int64_t channels_apart = shape.planes ? shape.spatial : shape.columns_per_channel;
  choose_shifts(work.x + first * channels_apart, values, channels_apart, shape.planes ? 1 : shape.columns, count,
                chosen);
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
