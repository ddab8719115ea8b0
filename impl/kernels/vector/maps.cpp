// Pass: each element of a block by the map of its channel: y of x, or dx of x and dy.
//
// Traffic   Each operand is read once and the result written once, with non-temporal stores past the caches where that
//           is asked for; lines of which a row has only a part are always written through them. While a block of planes
//           is written the sums of the next one are formed, and while one of rows is, the next is fetched: so reading
//           and writing go on at the same time.
#include <hwy/cache_control.h>

#include <algorithm>
#include <cstdint>

#include "impl/kernels/vector/passes.hpp"

// Reads this file once for each target; the order matters.
#include "impl/kernels/vector/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "impl/kernels/vector/maps.cpp"
#include <hwy/foreach_target.h>

#include "impl/kernels/vector/terms.hpp"

HWY_BEFORE_NAMESPACE();
namespace normproof::kernels::vector::HWY_NAMESPACE {
namespace {

inline constexpr std::int64_t floats_of_a_line = 16;
inline constexpr std::uintptr_t bytes_of_a_line = floats_of_a_line * sizeof(float);

// What the passes over y and over dx have in common; `dy` is not looked at forward.
template <bool backward>
struct Operands {
  const float* x;
  const float* dy;
  float* result;

  HWY_INLINE Floats value(std::int64_t at, Floats high, Floats slope, Floats from_dy, Floats constant) const {
    const Floats deviation = hn::Sub(hn::LoadU(float_tag, x + at), high);
    const Floats by_x = hn::MulAdd(deviation, slope, constant);
    if constexpr (!backward) return by_x;
    return hn::MulAdd(hn::LoadU(float_tag, dy + at), from_dy, by_x);
  }
  HWY_INLINE Floats value_of_first(std::int64_t at, std::int64_t count, Floats high, Floats slope, Floats from_dy,
                                   Floats constant) const {
    const Floats deviation = hn::Sub(load_first(float_tag, x + at, count), high);
    const Floats by_x = hn::MulAdd(deviation, slope, constant);
    if constexpr (!backward) return by_x;
    return hn::MulAdd(load_first(float_tag, dy + at, count), from_dy, by_x);
  }
  void exactly(std::int64_t at, const ExactMap& map) const {
    result[at] = static_cast<float>(map(x[at], backward ? dy[at] : 0.0f));
  }
  HWY_INLINE void fetch(std::int64_t at) const {
    prefetch_to_second_level(x + at);
    if constexpr (backward) prefetch_to_second_level(dy + at);
  }
};

template <bool backward>
HWY_INLINE auto terms_of(const Operands<backward>& o) {
  if constexpr (backward) {
    return Products{o.x, o.dy};
  } else {
    return Moments{o.x};
  }
}

// One channel of one sample, and of the next block the same place: its sums.
template <bool backward, bool non_temporal, bool sums_next>
HWY_INLINE void map_row(const Operands<backward>& o, std::int64_t begin, std::int64_t length, std::int64_t next,
                        std::int64_t to_fetch, const FloatMap& map, float about, LaneSums* sums) {
  const Floats high = hn::Set(float_tag, map.high), slope = hn::Set(float_tag, map.slope),
               from_dy = hn::Set(float_tag, map.from_dy), constant = hn::Set(float_tag, map.constant);
  const auto some = [&](std::int64_t at, std::int64_t count) HWY_ATTR {
    for (std::int64_t k = 0; k < count; k += floats_per_vector) {
      const std::int64_t now = std::min(floats_per_vector, count - k);
      store_first(o.value_of_first(at + k, now, high, slope, from_dy, constant), o.result + at + k, now);
    }
  };
  const auto line = [&](std::int64_t at) HWY_ATTR {
    for (std::int64_t k = 0; k < floats_of_a_line; k += floats_per_vector) {
      const Floats value = o.value(at + k, high, slope, from_dy, constant);
      if constexpr (non_temporal) {
        hn::Stream(value, float_tag, o.result + at + k);
      } else {
        hn::Store(value, float_tag, o.result + at + k);
      }
    }
  };
  const std::int64_t end = begin + length;
  // Up to the beginning of a line.
  const std::uintptr_t in_line = reinterpret_cast<std::uintptr_t>(o.result + begin) % bytes_of_a_line / sizeof(float);
  std::int64_t at = begin;
  if (in_line != 0) {
    at += std::min(length, floats_of_a_line - static_cast<std::int64_t>(in_line));
    some(begin, at - begin);
  }
  if constexpr (sums_next) {
    const auto terms = terms_of(o);
    Accumulators a = load_sums(sums->first, sums->second);
    std::int64_t from = next;
    // Whole lines end no later than the groups of the sums do.
    for (; at + groups_of_a_chunk * floats_of_a_line <= end; from += groups_of_a_chunk * group) {
      add_chunk_of_row<groups_of_a_chunk>(terms, from, to_fetch, about, a);
      for (int i = 0; i < groups_of_a_chunk; ++i, at += floats_of_a_line) line(at);
    }
    add_values<Levels::two>(terms, from, next + length - from, to_fetch, about, a);
    store_sums(a, sums->first, sums->second);
  }
  for (; at + floats_of_a_line <= end; at += floats_of_a_line) line(at);
  if (at < end) some(at, end - at);
}

template <bool backward, bool non_temporal, bool sums_next>
void map_planes(const Operands<backward>& o, const Planes& planes, const PlaneMaps& maps, const NextSums& next) {
  const std::int64_t row = planes.channels * planes.spatial;
  for (std::int64_t b = 0; b < planes.batch; ++b) {
    for (std::int64_t c = 0; c < planes.channels; ++c) {
      const std::int64_t begin = b * planes.sample_stride + c * planes.spatial;
      const float about = sums_next ? next.about[c] : 0;
      LaneSums* const sums = sums_next ? next.sums + c : nullptr;
      const auto channel = static_cast<std::size_t>(maps.first + c);
      if (maps.of.is_in_float(channel)) {
        map_row<backward, non_temporal, sums_next>(o, begin, planes.spatial, begin + row,
                                                   place_ahead(planes, b, c) - begin, maps.of.fast()[channel], about,
                                                   sums);
        continue;
      }
      const ExactMap& map = maps.of.exact(channel);
      for (std::int64_t at = begin; at < begin + planes.spatial; ++at) o.exactly(at, map);
      if constexpr (sums_next) add_row<Levels::two>(terms_of(o), begin + row, planes.spatial, 0, about, *sums);
    }
  }
  if constexpr (non_temporal) hwy::FlushStream();
}

template <bool backward>
void map_planes(const Operands<backward>& o, const Planes& planes, const PlaneMaps& maps, const NextSums& next,
                Stores stores) {
  const bool streams = stores == Stores::non_temporal, sums_next = next.sums != nullptr;
  if (streams && sums_next) return map_planes<backward, true, true>(o, planes, maps, next);
  if (streams) return map_planes<backward, true, false>(o, planes, maps, next);
  if (sums_next) return map_planes<backward, false, true>(o, planes, maps, next);
  map_planes<backward, false, false>(o, planes, maps, next);
}

// Some of the columns are not done in float: each by itself, those that are with the operations of the others.
template <bool backward>
void map_mixed_row(const Operands<backward>& o, std::int64_t row, std::int64_t columns, const ColumnMaps& maps) {
  using OneTag = hn::CappedTag<float, 1>;
  constexpr OneTag one;
  for (std::int64_t i = 0; i < columns; ++i) {
    const std::size_t channel = maps.columns.channel_of(i);
    if (!maps.channels->is_in_float(channel)) {
      o.exactly(row + i, maps.channels->exact(channel));
      continue;
    }
    const FloatMap map = maps.channels->fast()[channel];
    const auto deviation = hn::Sub(hn::Set(one, o.x[row + i]), hn::Set(one, map.high));
    auto value = hn::MulAdd(deviation, hn::Set(one, map.slope), hn::Set(one, map.constant));
    if constexpr (backward) value = hn::MulAdd(hn::Set(one, o.dy[row + i]), hn::Set(one, map.from_dy), value);
    o.result[row + i] = hn::GetLane(value);
  }
}

// The columns first … first + columns − 1 of a row whose columns are all done in float.
template <bool backward, bool non_temporal, bool fetches>
HWY_INLINE void map_float_row(const Operands<backward>& o, std::int64_t row, std::int64_t first, std::int64_t columns,
                              std::int64_t to_next, const ColumnMaps& maps) {
  const float* const highs = maps.fast.high.data();
  const float* const slopes = maps.fast.slope.data();
  const float* const from_dy = maps.fast.from_dy.data();
  const float* const constant = maps.fast.constant.data();
  const auto some = [&](std::int64_t k, std::int64_t count) HWY_ATTR {
    for (std::int64_t i = k; i < k + count; i += floats_per_vector) {
      const std::int64_t now = std::min(floats_per_vector, k + count - i);
      const Floats high = load_first(float_tag, highs + i, now), slope = load_first(float_tag, slopes + i, now),
                   factor = load_first(float_tag, from_dy + i, now), shift = load_first(float_tag, constant + i, now);
      store_first(o.value_of_first(row + i, now, high, slope, factor, shift), o.result + row + i, now);
    }
  };
  const auto fetch = [&](std::int64_t k) HWY_ATTR {
    if constexpr (fetches) o.fetch(row + to_next + k);
  };
  const std::uintptr_t in_line =
      reinterpret_cast<std::uintptr_t>(o.result + row + first) % bytes_of_a_line / sizeof(float);
  const std::int64_t end = first + columns;
  std::int64_t k = first;
  if (in_line != 0) {
    k = std::min(end, first + floats_of_a_line - static_cast<std::int64_t>(in_line));
    fetch(first);
    some(first, k - first);
  }
  for (; k + floats_of_a_line <= end; k += floats_of_a_line) {
    fetch(k);
    for (std::int64_t i = k; i < k + floats_of_a_line; i += floats_per_vector) {
      const Floats high = hn::LoadU(float_tag, highs + i), slope = hn::LoadU(float_tag, slopes + i),
                   factor = backward ? hn::LoadU(float_tag, from_dy + i) : hn::Zero(float_tag),
                   shift = hn::LoadU(float_tag, constant + i);
      const Floats value = o.value(row + i, high, slope, factor, shift);
      if constexpr (non_temporal) {
        hn::Stream(value, float_tag, o.result + row + i);
      } else {
        hn::Store(value, float_tag, o.result + row + i);
      }
    }
  }
  if (k < end) some(k, end - k);
}

// A row is written from its beginning to its end: on machines that bring in what lies ahead of a stream that is worth
// more than reading the numbers of the columns once for several rows. Where they would not stay in the first-level
// cache, the columns are taken in panels.
template <bool backward, bool non_temporal, bool fetches>
void map_rows(const Operands<backward>& o, const Rows& rows, const ColumnMaps& maps) {
  constexpr std::int64_t panel = 1024;
  if (maps.channels->all_in_float()) {
    for (std::int64_t first = 0; first < rows.columns; first += panel) {
      const std::int64_t columns = std::min(panel, rows.columns - first);
      for (std::int64_t r = 0; r < rows.rows; ++r)
        map_float_row<backward, non_temporal, fetches>(o, r * rows.row_stride, first, columns, rows.columns, maps);
    }
  } else {
    for (std::int64_t r = 0; r < rows.rows; ++r) map_mixed_row(o, r * rows.row_stride, rows.columns, maps);
  }
  if constexpr (non_temporal) hwy::FlushStream();
}

template <bool backward>
void map_rows(const Operands<backward>& o, const Rows& rows, const ColumnMaps& maps, Stores stores) {
  const bool streams = stores == Stores::non_temporal;
  if (streams && rows.fetch_next) return map_rows<backward, true, true>(o, rows, maps);
  if (streams) return map_rows<backward, true, false>(o, rows, maps);
  if (rows.fetch_next) return map_rows<backward, false, true>(o, rows, maps);
  map_rows<backward, false, false>(o, rows, maps);
}

void normalize_planes(const float* x, float* y, const Planes& planes, const PlaneMaps& maps, const NextSums& next,
                      Stores stores) {
  map_planes(Operands<false>{x, nullptr, y}, planes, maps, next, stores);
}
void normalize_rows(const float* x, float* y, const Rows& rows, const ColumnMaps& maps, Stores stores) {
  map_rows(Operands<false>{x, nullptr, y}, rows, maps, stores);
}
void input_gradient_of_planes(const float* x, const float* dy, float* dx, const Planes& planes, const PlaneMaps& maps,
                              const NextSums& next, Stores stores) {
  map_planes(Operands<true>{x, dy, dx}, planes, maps, next, stores);
}
void input_gradient_of_rows(const float* x, const float* dy, float* dx, const Rows& rows, const ColumnMaps& maps,
                            Stores stores) {
  map_rows(Operands<true>{x, dy, dx}, rows, maps, stores);
}

}  // namespace
}  // namespace normproof::kernels::vector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normproof::kernels::vector {

HWY_EXPORT(normalize_planes);
HWY_EXPORT(normalize_rows);
HWY_EXPORT(input_gradient_of_planes);
HWY_EXPORT(input_gradient_of_rows);

void normalize_planes(const float* x, float* y, const Planes& planes, const PlaneMaps& maps, const NextSums& next,
                      Stores stores) {
  HWY_DYNAMIC_DISPATCH(normalize_planes)(x, y, planes, maps, next, stores);
}
void normalize_rows(const float* x, float* y, const Rows& rows, const ColumnMaps& maps, Stores stores) {
  HWY_DYNAMIC_DISPATCH(normalize_rows)(x, y, rows, maps, stores);
}
void input_gradient_of_planes(const float* x, const float* dy, float* dx, const Planes& planes, const PlaneMaps& maps,
                              const NextSums& next, Stores stores) {
  HWY_DYNAMIC_DISPATCH(input_gradient_of_planes)(x, dy, dx, planes, maps, next, stores);
}
void input_gradient_of_rows(const float* x, const float* dy, float* dx, const Rows& rows, const ColumnMaps& maps,
                            Stores stores) {
  HWY_DYNAMIC_DISPATCH(input_gradient_of_rows)(x, dy, dx, rows, maps, stores);
}

}  // namespace normproof::kernels::vector
#endif
