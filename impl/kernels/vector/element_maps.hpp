// What is done to each element of a channel, once the channel's numbers are known?
//
//   forward    y  = gamma x_hat + beta
//   backward   dx = gamma inv_std ((dy − mean_dy) − x_hat mean_dy_x_hat)
// both are ExactMaps of channels.hpp. In float that is
//   result = from_dy dy + (slope (x − high) + constant)
//   slope = outer through inv_std, from_dy = outer, constant = offset − outer mean_dy − slope (mean − high),
//   high = mean rounded to float
//
// When in float. slope and from_dy are 0 or between 2^-100 and 2^100, so that nothing is lost below float's range,
// constant and high are at most 2^100, so that x − high rounds to a float for every x, and slope (x − high) stays far
// below float's largest number where |x_hat| ≤ 2^8 √m. Else, and where a number is not finite, the channel is done in
// double, as ExactMaps says.
// Errors    In float, with u = 2^-24: u|slope (x − high)| for the difference, for slope and for the sum each, u|from_dy
//           dy| for from_dy, u|constant| for the constant, and u|result|.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "impl/kernels/vector/channel_arithmetic.hpp"
#include "impl/kernels/vector/channels.hpp"

namespace normproof::kernels::vector {

// One channel's part of ExactMaps.
struct ExactMap {
  double mean_high = 0, mean_low = 0, inv_std = 1, outer = 1, mean_dy = 0, through = 1, offset = 0;

  double operator()(float x, float dy) const {
    const double x_hat = ((static_cast<double>(x) - mean_high) - mean_low) * inv_std;
    return outer * ((static_cast<double>(dy) - mean_dy) + x_hat * through) + offset;
  }
};

struct FloatMap {
  float high = 0, slope = 0, from_dy = 0, constant = 0;
};

// Memory that begins with a line of the cache: so a vector that is read of it is never in two lines.
template <class T>
struct OfALine {
  using value_type = T;
  OfALine() = default;
  template <class U>
  OfALine(const OfALine<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, alignment); }
  template <class U>
  bool operator==(const OfALine<U>&) const {
    return true;
  }
  static constexpr std::align_val_t alignment{64};
};

// The numbers of FloatMap, side by side.
struct FloatMaps {
  explicit FloatMaps(std::int64_t count)
      : high(static_cast<std::size_t>(count)), slope(high.size()), from_dy(high.size()), constant(high.size()) {}

  FloatMap operator[](std::size_t k) const { return {high[k], slope[k], from_dy[k], constant[k]}; }

  std::vector<float, OfALine<float>> high, slope, from_dy, constant;
};

// The maps of the channels of a block.
class ChannelMaps {
 public:
  explicit ChannelMaps(std::int64_t channels) : fast_(channels), is_in_float_(static_cast<std::size_t>(channels)) {}

  // Those of channels at … at + count − 1 of the block. root_m = √m, m the number of values that the statistics are of.
  void set(std::int64_t at, std::int64_t count, const ExactMaps& exact, double root_m) {
    const auto first = static_cast<std::size_t>(at);
    double can_be[most_channels];
    round_maps(count, exact, root_m,
               {fast_.high.data() + first, fast_.slope.data() + first, fast_.from_dy.data() + first,
                fast_.constant.data() + first},
               can_be);
    for (std::int64_t k = 0; k < count; ++k)
      is_in_float_[first + static_cast<std::size_t>(k)] = static_cast<std::uint8_t>(can_be[k]);
    if (are_all_set(can_be, count)) return;
    all_in_float_ = false;
    exact_.resize(is_in_float_.size());
    for (std::int64_t k = 0; k < count; ++k) {
      exact_[first + static_cast<std::size_t>(k)] = {exact.mean_high[k], exact.mean_low[k], exact.inv_std[k],
                                                     exact.outer[k],     exact.mean_dy[k],  exact.through[k],
                                                     exact.offset[k]};
    }
  }
  // Before the maps of another block are set.
  void clear() { all_in_float_ = true; }

  bool all_in_float() const { return all_in_float_; }
  bool is_in_float(std::size_t channel) const { return is_in_float_[channel] != 0; }
  const FloatMaps& fast() const { return fast_; }
  const ExactMap& exact(std::size_t channel) const { return exact_[channel]; }  // of one that is not in float

 private:
  FloatMaps fast_;
  std::vector<std::uint8_t> is_in_float_;
  std::vector<ExactMap> exact_;
  bool all_in_float_ = true;
};

// Which channel does a column belong to? Columns run through the places of a channel, then through the channels, and
// begin again with the first channel where a row is several rows seen as one.
struct ColumnsOfChannels {
  std::int64_t columns, channels, places;

  std::size_t channel_of(std::int64_t column) const { return static_cast<std::size_t>(column / places % channels); }

  // Each channel's number to its columns.
  template <class T, class U>
  void spread(const T* of_channel, U* of_column) const {
    for (std::int64_t column = 0; column < columns; column += channels * places) {
      if (places == 1) {
        std::copy_n(of_channel, channels, of_column + column);
      } else {
        for (std::int64_t c = 0; c < channels; ++c) std::fill_n(of_column + column + c * places, places, of_channel[c]);
      }
    }
  }
  // The sums of each channel's columns, of all channels but those for which but_for, where it is given, is not 0.
  void gather(const double* of_column, const double* but_for, double* of_channel) const {
    const auto is_left_out = [but_for](std::int64_t c) { return but_for != nullptr && but_for[c] != 0; };
    for (std::int64_t c = 0; c < channels; ++c)
      if (!is_left_out(c)) of_channel[c] = 0;
    for (std::int64_t column = 0; column < columns; column += channels * places) {
      for (std::int64_t c = 0; c < channels; ++c) {
        if (is_left_out(c)) continue;
        const double* const from = of_column + column + c * places;
        double sum = of_channel[c];
        for (std::int64_t place = 0; place < places; ++place) sum += from[place];
        of_channel[c] = sum;
      }
    }
  }
};

// The maps of columns.
struct ColumnMaps {
  explicit ColumnMaps(std::int64_t count) : fast(count) {}

  // of_channel stays where it is.
  void set(const ChannelMaps& of_channel, const ColumnsOfChannels& of) {
    channels = &of_channel;
    columns = of;
    of.spread(of_channel.fast().high.data(), fast.high.data());
    of.spread(of_channel.fast().slope.data(), fast.slope.data());
    of.spread(of_channel.fast().from_dy.data(), fast.from_dy.data());
    of.spread(of_channel.fast().constant.data(), fast.constant.data());
  }

  FloatMaps fast;
  const ChannelMaps* channels = nullptr;
  ColumnsOfChannels columns = {0, 0, 1};
};

}  // namespace normproof::kernels::vector
