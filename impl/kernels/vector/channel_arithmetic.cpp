// Pass: what is decided for each channel, many channels at a time: maps in float (element_maps.hpp says when), trust in
// sums (trust.hpp), shifts (sweeps.hpp says why these).
#include "impl/kernels/vector/channel_arithmetic.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "impl/kernels/vector/trust.hpp"

// Reads this file once for each target; the order matters.
#include "impl/kernels/vector/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "impl/kernels/vector/channel_arithmetic.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace normproof::kernels::vector::HWY_NAMESPACE {
namespace {

// ---- maps

constexpr double largest_factor = 0x1p100, smallest_factor = 0x1p-100, largest_product = 0x1p120;
constexpr double largest_mean = 0x1p100;     // less than half a unit of float's largest number: x − high is a float
constexpr double likely_deviations = 0x1p8;  // |x_hat| over √m, which it cannot exceed in training

// A NaN is not. Integers, here and below, for && is a branch and a bitwise operation on bool a warning.
HWY_INLINE int is_moderate(double factor) {
  const double size = std::abs(factor);
  return int{size == 0} | (int{smallest_factor <= size} & int{size <= largest_factor});
}

// slope, and 1 where the channel's factors can be done in float, else 0.
HWY_INLINE void moderate(std::int64_t count, const ExactMaps& exact, double root_m, double* slope, double* can_be) {
  for (std::int64_t k = 0; k < count; ++k) {
    const double factor = exact.outer[k] * exact.through[k], reach = std::abs(factor) * root_m * likely_deviations;
    slope[k] = factor * exact.inv_std[k];
    const int is = int{std::abs(exact.mean_high[k]) <= largest_mean} & is_moderate(slope[k]) &
                   is_moderate(exact.outer[k]) & int{reach <= largest_product};
    can_be[k] = is != 0 ? 1.0 : 0.0;
  }
}

HWY_INLINE void round(std::int64_t count, const double* from, const double* wanted, float* to) {
  double chosen[most_channels];
  for (std::int64_t k = 0; k < count; ++k) {
    const double value = from[k];  // read whether it is wanted or not: so there is no branch
    chosen[k] = wanted[k] != 0 ? value : 0.0;
  }
  for (std::int64_t k = 0; k < count; ++k) to[k] = static_cast<float>(chosen[k]);
}

// Loops of few operations on one type of number each: compilers make vectors of those.
void round_maps(std::int64_t count, const ExactMaps& exact, double root_m, const FloatMapArrays& to, double* can_be) {
  double high[most_channels], slope[most_channels], constant[most_channels];
  moderate(count, exact, root_m, slope, can_be);
  round(count, exact.mean_high, can_be, to.high);
  for (std::int64_t k = 0; k < count; ++k) high[k] = static_cast<double>(to.high[k]);
  for (std::int64_t k = 0; k < count; ++k) {
    const double left_of_mean = (exact.mean_high[k] - high[k]) + exact.mean_low[k];
    constant[k] = exact.offset[k] - exact.outer[k] * exact.mean_dy[k] - slope[k] * left_of_mean;
    can_be[k] = std::abs(constant[k]) <= largest_factor ? can_be[k] : 0.0;
  }
  // Where it cannot be, numbers that overflow nothing.
  round(count, slope, can_be, to.slope);
  round(count, exact.outer, can_be, to.from_dy);
  round(count, constant, can_be, to.constant);
}

// ---- trust

bool are_trusted(std::int64_t count, const ChannelSums& sums, double m, bool backward, double* trusted) {
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

// ---- shifts

template <int values>
HWY_INLINE void choose(const float* x, std::int64_t channels_apart, std::int64_t values_apart, std::int64_t count,
                       float* chosen) {
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
HWY_INLINE void choose_by_distance(const float* x, std::int64_t channels_apart, std::int64_t values_apart,
                                   std::int64_t count, float* chosen) {
  // By itself, for then compilers make vectors of the loop.
  if (channels_apart == 1) return choose<values>(x, 1, values_apart, count, chosen);
  choose<values>(x, channels_apart, values_apart, count, chosen);
}

void choose_shifts(const float* x, int values, std::int64_t channels_apart, std::int64_t values_apart,
                   std::int64_t count, float* chosen) {
  if (values == 8) return choose_by_distance<8>(x, channels_apart, values_apart, count, chosen);
  if (values == 4) return choose_by_distance<4>(x, channels_apart, values_apart, count, chosen);
  if (values == 2) return choose_by_distance<2>(x, channels_apart, values_apart, count, chosen);
  choose_by_distance<1>(x, channels_apart, values_apart, count, chosen);
}

// ---- sums of parts

void add_to(double* sums, const double* more, std::int64_t count) {
  for (std::int64_t k = 0; k < count; ++k) sums[k] += more[k];
}

}  // namespace
}  // namespace normproof::kernels::vector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normproof::kernels::vector {

HWY_EXPORT(round_maps);
HWY_EXPORT(are_trusted);
HWY_EXPORT(choose_shifts);
HWY_EXPORT(add_to);

void round_maps(std::int64_t count, const ExactMaps& exact, double root_m, const FloatMapArrays& to, double* can_be) {
  HWY_DYNAMIC_DISPATCH(round_maps)(count, exact, root_m, to, can_be);
}
bool are_trusted(std::int64_t count, const ChannelSums& sums, double m, bool backward, double* trusted) {
  return HWY_DYNAMIC_DISPATCH(are_trusted)(count, sums, m, backward, trusted);
}
void choose_shifts(const float* x, int values, std::int64_t channels_apart, std::int64_t values_apart,
                   std::int64_t count, float* chosen) {
  HWY_DYNAMIC_DISPATCH(choose_shifts)(x, values, channels_apart, values_apart, count, chosen);
}
void add_to(double* sums, const double* more, std::int64_t count) { HWY_DYNAMIC_DISPATCH(add_to)(sums, more, count); }

}  // namespace normproof::kernels::vector
#endif
