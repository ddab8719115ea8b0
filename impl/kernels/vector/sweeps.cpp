// Which value is subtracted from a channel before its sums are formed?
#include "impl/kernels/vector/sweeps.hpp"

namespace normproof::kernels::vector {
namespace {

void shifts(const Work& work, std::int64_t first, std::int64_t count, double* about) {
  constexpr std::int64_t most = 8;
  const DenseShape& shape = work.shape;
  const std::int64_t there = shape.planes ? shape.spatial : shape.rows;
  const std::int64_t channels_apart = shape.planes ? shape.spatial : shape.columns_per_channel;
  const std::int64_t values_apart = shape.planes ? 1 : shape.columns;
  std::int64_t values = 1;
  while (2 * values <= std::min(most, there)) values *= 2;
  std::fill_n(about, count, 0.0);
  for (std::int64_t k = 0; k < values; ++k) {
    const float* const x = work.x + first * channels_apart + k * values_apart;
    if (channels_apart == 1) {
      for (std::int64_t c = 0; c < count; ++c) about[c] += static_cast<double>(x[c]);
    } else {
      for (std::int64_t c = 0; c < count; ++c) about[c] += static_cast<double>(x[c * channels_apart]);
    }
  }
  const double share = 1 / static_cast<double>(values);  // a power of two
  for (std::int64_t c = 0; c < count; ++c) about[c] = static_cast<double>(static_cast<float>(about[c] * share));
}

}  // namespace

About shifts_of(const Work& work) {
  return [&work](std::int64_t first, std::int64_t count, double* about) { shifts(work, first, count, about); };
}

About means_of(const normproof_vector& high, const normproof_vector& low) {
  return [&high, &low](std::int64_t first, std::int64_t count, double* about) {
    for (std::int64_t at = 0; at < count; at += most_channels) {
      const ChannelRange range{first + at, std::min(most_channels, count - at)};
      double of_low[most_channels];
      read(high, range, 0, about + at);
      read(low, range, 0, of_low);
      for (std::int64_t k = 0; k < range.count; ++k) about[at + k] += of_low[k];
    }
  };
}

}  // namespace normproof::kernels::vector
