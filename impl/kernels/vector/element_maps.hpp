// What is done to each element of a channel, once the channel's numbers are known?
//
//   forward    y  = gamma x_hat + beta
//   backward   dx = gamma inv_std ((dy − mean_dy) − x_hat mean_dy_x_hat)
// both are
//   result = outer ((dy − mean_dy) + x_hat through) + offset,   x_hat = ((x − mean.high) − mean.low) inv_std
// with dy = mean_dy = 0 and through = 1 forward, offset = 0 and through = −mean_dy_x_hat backward. In float it is
//   result = from_dy dy + (slope (x − high) + constant)
//   slope = outer through inv_std, from_dy = outer, constant = offset − outer mean_dy − slope (mean − high),
//   high = mean rounded to float
//
// When in float. slope and from_dy are 0 or between 2^-100 and 2^100, so that nothing is lost below float's range,
// constant is at most 2^100, and slope (x − high) stays far below float's largest number where |x_hat| ≤ 2^8 √m. Else,
// and where a number is not finite, the channel is done in double, as written above.
// Errors    In float, with u = 2^-24: u|slope (x − high)| for the difference, for slope and for the sum each, u|from_dy
//           dy| for from_dy, u|constant| for the constant, and u|result|.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "impl/kernels/sums.hpp"

namespace normproof::kernels::vector {

struct ExactMap {
  HighLow mean;
  double inv_std = 1, outer = 1, mean_dy = 0, through = 1, offset = 0;

  double operator()(float x, float dy) const {
    const double x_hat = ((static_cast<double>(x) - mean.high) - mean.low) * inv_std;
    return outer * ((static_cast<double>(dy) - mean_dy) + x_hat * through) + offset;
  }
};

// y = gamma x_hat + beta.
inline void set_output(ExactMap& map, HighLow mean, double inv_std, double gamma, double beta) {
  map.mean.high = mean.high;
  map.mean.low = mean.low;
  map.inv_std = inv_std;
  map.outer = gamma;
  map.mean_dy = 0;
  map.through = 1;
  map.offset = beta;
}

// dx = gamma inv_std ((dy − mean_dy) − x_hat mean_dy_x_hat).
inline void set_input_gradient(ExactMap& map, HighLow mean, double inv_std, double gamma, double mean_dy,
                               double mean_dy_x_hat) {
  map.mean.high = mean.high;
  map.mean.low = mean.low;
  map.inv_std = inv_std;
  map.outer = gamma * inv_std;
  map.mean_dy = mean_dy;
  map.through = -mean_dy_x_hat;
  map.offset = 0;
}

struct FloatMap {
  float half_high = 0, twice_slope = 0, from_dy = 0, constant = 0;
};

struct ElementMap {
  ExactMap exact;
  FloatMap fast;
  bool in_float = false;
};

namespace map_detail {

constexpr double largest_factor = 0x1p100, smallest_factor = 0x1p-100, largest_product = 0x1p120;
constexpr double largest_mean = 0x1p127;     // rounding it does not overflow
constexpr double likely_deviations = 0x1p8;  // |x_hat| over √m, which it cannot exceed in training

inline bool is_moderate(double factor) {
  const double size = std::abs(factor);
  return size == 0 || (smallest_factor <= size && size <= largest_factor);
}

}  // namespace map_detail

// Sets map.fast and map.in_float by map.exact. root_m = √m, m the number of values that the statistics are of. Maps are
// written where they stay: returning them costs more than what they hold.
inline void complete(ElementMap& map, double root_m) {
  using namespace map_detail;
  const ExactMap& exact = map.exact;
  map.in_float = false;
  const double slope = exact.outer * exact.through * exact.inv_std;
  const double reach = std::abs(exact.outer * exact.through) * root_m * likely_deviations;
  // A NaN fails these.
  if (!(std::abs(exact.mean.high) <= largest_mean && is_moderate(slope) && is_moderate(exact.outer) &&
        reach <= largest_product))
    return;
  const auto high = static_cast<float>(exact.mean.high);
  const double left_of_mean = (exact.mean.high - static_cast<double>(high)) + exact.mean.low;
  const double constant = exact.offset - exact.outer * exact.mean_dy - slope * left_of_mean;
  if (!(std::abs(constant) <= largest_factor)) return;
  map.in_float = true;
  map.fast.half_high = high / 2;
  map.fast.twice_slope = static_cast<float>(2 * slope);
  map.fast.from_dy = static_cast<float>(exact.outer);
  map.fast.constant = static_cast<float>(constant);
}

// Which channel does a column belong to? Columns run through the places of a channel, then through the channels, and
// begin again with the first channel where a row is several rows seen as one.
struct ColumnsOfChannels {
  std::int64_t columns, channels, places;

  // visit(column, channel), in the order of columns.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (std::size_t column = 0; column < static_cast<std::size_t>(columns);)
      for (std::size_t channel = 0; channel < static_cast<std::size_t>(channels); ++channel)
        for (std::int64_t place = 0; place < places; ++place) visit(column++, channel);
  }
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

// The maps of columns, side by side.
struct ColumnMaps {
  explicit ColumnMaps(std::int64_t columns)
      : half_high(static_cast<std::size_t>(columns)),
        twice_slope(half_high.size()),
        from_dy(half_high.size()),
        constant(half_high.size()),
        of_column(half_high.size()) {}

  // `of_channel` stays where it is.
  void set(const ElementMap* of_channel, const ColumnsOfChannels& columns) {
    all_in_float = true;
    columns.for_each([&](std::size_t column, std::size_t channel) {
      const ElementMap& map = of_channel[channel];
      half_high[column] = map.fast.half_high;
      twice_slope[column] = map.fast.twice_slope;
      from_dy[column] = map.fast.from_dy;
      constant[column] = map.fast.constant;
      of_column[column] = &map;
      all_in_float = all_in_float && map.in_float;
    });
  }

  std::vector<float, OfALine<float>> half_high, twice_slope, from_dy, constant;
  std::vector<const ElementMap*> of_column;
  bool all_in_float = true;
};

}  // namespace normproof::kernels::vector
