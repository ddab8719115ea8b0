// What does a vector kernel know of some channels at a time, and what does it decide for them?
//
// Why       Arithmetic for a channel is little, but for many channels of few values it is most of what there is to do:
//           loops over arrays of channels took it from 23 ns a channel to about 6 where it was measured.
// Arrays    One number for each channel of a range, `most_channels` at most; behind the last one they hold anything.
#pragma once

#include <algorithm>
#include <cstdint>

#include "impl/kernel.h"

namespace normproof::kernels::vector {

inline constexpr std::int64_t most_channels = 64;

// The channels first … first + count − 1.
struct ChannelRange {
  std::int64_t first = 0, count = 0;
};

// Σ (x − about) and Σ (x − about)² forward, Σ dy and Σ dy (x − about) backward, where `about` is the float nearest to
// the mean.
struct ChannelSums {
  const float* about = nullptr;
  const double* first = nullptr;
  const double* second = nullptr;

  ChannelSums from(std::int64_t at) const {
    return first == nullptr ? ChannelSums{} : ChannelSums{about + at, first + at, second + at};
  }
};

// Flags are 1 or 0, as doubles: so compilers make vectors of loops that set them and of this one.
inline bool are_all_set(const double* flags, std::int64_t count) {
  constexpr std::int64_t at_once = 4;
  double sums[at_once] = {};
  std::int64_t k = 0;
  for (; k + at_once <= count; k += at_once)
    for (std::int64_t i = 0; i < at_once; ++i) sums[i] += flags[k + i];
  for (; k < count; ++k) sums[0] += flags[k];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]) == static_cast<double>(count);
}

// What is done to each element x (and dy) of a channel:
//   outer ((dy − mean_dy) + x_hat through) + offset,  x_hat = ((x − mean_high) − mean_low) inv_std
// with dy = mean_dy = 0 and through = 1 forward, offset = 0 and through = −mean_dy_x_hat backward.
struct ExactMaps {
  double mean_high[most_channels], mean_low[most_channels], inv_std[most_channels], outer[most_channels];
  double mean_dy[most_channels], through[most_channels], offset[most_channels];
};

// The operand's values of a range, or `otherwise` where it is absent.
inline void read(const normproof_vector& operand, ChannelRange range, double otherwise, double* values) {
  if (operand.data == nullptr) {
    std::fill_n(values, range.count, otherwise);
  } else if (operand.dtype == NORMPROOF_F32) {
    std::copy_n(static_cast<const float*>(operand.data) + range.first, range.count, values);
  } else {
    std::copy_n(static_cast<const double*>(operand.data) + range.first, range.count, values);
  }
}

// Nothing where it is absent.
inline void write(const normproof_vector& operand, ChannelRange range, const double* values) {
  if (operand.data == nullptr) return;
  if (operand.dtype == NORMPROOF_F32) {
    float* const to = static_cast<float*>(operand.data) + range.first;
    for (std::int64_t k = 0; k < range.count; ++k) to[k] = static_cast<float>(values[k]);
  } else {
    std::copy_n(values, range.count, static_cast<double*>(operand.data) + range.first);
  }
}

// y = gamma x_hat + beta; mean and inv_std are set.
inline void set_outputs(const normproof_call& call, ChannelRange range, ExactMaps& maps) {
  read(call.gamma, range, 1, maps.outer);
  read(call.beta, range, 0, maps.offset);
  std::fill_n(maps.mean_dy, range.count, 0.0);
  std::fill_n(maps.through, range.count, 1.0);
}

// dbeta = Σ dy, dgamma = inv_std Σ dy (x − mean) = inv_std (Σ dy (x − about) − (mean − about) Σ dy),
// dx = gamma inv_std ((dy − dbeta/m) − share x_hat dgamma/m); mean and inv_std are set. `share` is 1 for batch norm, 0
// where full normalization clamps the variance.
template <class Share>
void set_gradients(const normproof_call& call, ChannelRange range, const ChannelSums& sums, const Share& share,
                   ExactMaps& maps) {
  const double m = static_cast<double>(call.x.batch) * static_cast<double>(call.x.spatial);
  double dgamma[most_channels], gamma[most_channels];
  read(call.gamma, range, 1, gamma);
  for (std::int64_t k = 0; k < range.count; ++k) {
    const double left_of_mean = (maps.mean_high[k] - static_cast<double>(sums.about[k])) + maps.mean_low[k];
    dgamma[k] = (sums.second[k] - left_of_mean * sums.first[k]) * maps.inv_std[k];
    maps.outer[k] = gamma[k] * maps.inv_std[k];
    maps.mean_dy[k] = sums.first[k] / m;
    maps.through[k] = -(share(k) * (dgamma[k] / m));
    maps.offset[k] = 0;
  }
  write(call.dbeta, range, sums.first);
  write(call.dgamma, range, dgamma);
}

// Where there is no value.
inline void set_no_gradients(const normproof_call& call, ChannelRange range) {
  const double none[most_channels] = {};
  write(call.dbeta, range, none);
  write(call.dgamma, range, none);
}

}  // namespace normproof::kernels::vector
