// Pass: the sums that statistics and gradients are made of, sixteen side by side: in double, or in two levels.
//
// Height    A value goes through at most `chain` additions in a lane, then one for each chain of its channel.
// Traffic   Each operand is read once. The hardware does not foresee the next sample of a block, which lies elsewhere:
//           what is to come in `ahead` floats is asked for.
#include <algorithm>
#include <cstdint>

#include "impl/kernels/vector/passes.hpp"

// Reads this file once for each target; the order matters.
#include "impl/kernels/vector/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "impl/kernels/vector/sums.cpp"
#include <hwy/foreach_target.h>

#include "impl/kernels/vector/terms.hpp"

HWY_BEFORE_NAMESPACE();
namespace normproof::kernels::vector::HWY_NAMESPACE {
namespace {

inline constexpr int rows_at_once = 8;
// Of rows shorter than a page what comes so many floats later is asked for; of longer ones the hardware does it better.
// Empirical, as are the constants of plan.cpp.
inline constexpr std::int64_t floats_of_a_page = 1024, rows_ahead_in_floats = 4 * floats_of_a_page;

template <Levels levels, class Terms>
HWY_INLINE void add_planes(const Terms& terms, const Planes& planes, const float* about, LaneSums* sums) {
  for (std::int64_t b = 0; b < planes.batch; ++b) {
    for (std::int64_t c = 0; c < planes.channels; ++c) {
      const std::int64_t begin = b * planes.sample_stride + c * planes.spatial;
      add_row<levels>(terms, begin, planes.spatial, place_ahead(planes, b, c) - begin, about[c], sums[c]);
    }
  }
}

// rows_at_once rows, in one chunk.
template <bool fetches, class Terms>
HWY_INLINE void add_chunks_of_columns(const Terms& terms, const Rows& rows, std::int64_t r, const float* about,
                                      std::int64_t k, double* first, double* second) {
  const std::int64_t at = r * rows.row_stride + k;
  if constexpr (fetches) terms.fetch_apart(at + rows_ahead_in_floats, rows.row_stride, rows_at_once);
  Accumulators a = load_sums(first + k, second + k);
  add_chunk<rows_at_once>(
      terms, at, rows.row_stride, [&](std::int64_t lane) HWY_ATTR { return hn::LoadU(float_tag, about + k + lane); },
      a);
  store_sums(a, first + k, second + k);
}

template <Levels levels, bool fetches, class Terms>
HWY_INLINE void add_columns(const Terms& terms, const Rows& rows, const float* about, double* first, double* second) {
  for (std::int64_t r = 0; r < rows.rows; r += rows_at_once) {
    const std::int64_t end = std::min(rows.rows, r + rows_at_once);
    const bool in_chunks = levels == Levels::two && end - r == rows_at_once;
    for_each_group(
        rows.columns,
        [&](std::int64_t k) HWY_ATTR {
          if (in_chunks) return add_chunks_of_columns<fetches>(terms, rows, r, about, k, first, second);
          Accumulators a = load_sums(first + k, second + k);
          Doubles shift[vectors_of_doubles];
          for (std::int64_t v = 0; v < vectors_of_doubles; ++v) shift[v] = widen(about + k + v * doubles_per_vector);
          for (std::int64_t i = r; i < end; ++i) {
            if constexpr (fetches) terms.fetch(i * rows.row_stride + k + rows_ahead_in_floats);
            for (std::int64_t v = 0; v < vectors_of_doubles; ++v)
              terms.add(i * rows.row_stride + k, v * doubles_per_vector, shift[v], a.first[v], a.second[v]);
          }
          store_sums(a, first + k, second + k);
        },
        [&](std::int64_t k, std::int64_t count) HWY_ATTR {
          // The arrays of columns end here: copies.
          alignas(64) float a[group] = {};
          alignas(64) double s[group] = {}, q[group] = {};
          std::copy(about + k, about + k + count, a);
          std::copy(first + k, first + k + count, s);
          std::copy(second + k, second + k + count, q);
          Accumulators sums = load_sums(s, q);
          for (std::int64_t v = 0; v < vectors_of_doubles; ++v) {
            const Doubles shift = widen(a + v * doubles_per_vector);
            for (std::int64_t i = r; i < end; ++i)
              terms.add_first(i * rows.row_stride + k, v * doubles_per_vector, count, shift, sums.first[v],
                              sums.second[v]);
          }
          store_sums(sums, s, q);
          std::copy(s, s + count, first + k);
          std::copy(q, q + count, second + k);
        });
  }
}

template <Levels levels, class Terms>
HWY_INLINE void add_columns(const Terms& terms, const Rows& rows, const float* about, double* first, double* second) {
  if (rows.row_stride < floats_of_a_page) return add_columns<levels, true>(terms, rows, about, first, second);
  add_columns<levels, false>(terms, rows, about, first, second);
}

// A loop of a known length for each width: compilers make one vector operation of it.
HWY_INLINE double in_pairs(const double* lanes) {
  double eight[8], four[4], two[2];
  for (int k = 0; k < 8; ++k) eight[k] = lanes[k] + lanes[k + 8];
  for (int k = 0; k < 4; ++k) four[k] = eight[k] + eight[k + 4];
  for (int k = 0; k < 2; ++k) two[k] = four[k] + four[k + 2];
  return two[0] + two[1];
}

void totals(const LaneSums* lanes, std::int64_t count, double* first, double* second) {
  for (std::int64_t k = 0; k < count; ++k) {
    first[k] = in_pairs(lanes[k].first);
    second[k] = in_pairs(lanes[k].second);
  }
}

void sums_of_planes(const float* x, const Planes& planes, const float* about, LaneSums* sums, Levels levels) {
  if (levels == Levels::two) return add_planes<Levels::two>(Moments{x}, planes, about, sums);
  add_planes<Levels::one>(Moments{x}, planes, about, sums);
}
void gradient_sums_of_planes(const float* x, const float* dy, const Planes& planes, const float* about, LaneSums* sums,
                             Levels levels) {
  if (levels == Levels::two) return add_planes<Levels::two>(Products{x, dy}, planes, about, sums);
  add_planes<Levels::one>(Products{x, dy}, planes, about, sums);
}
void add_rows(const float* x, const Rows& rows, const float* about, double* first, double* second, Levels levels) {
  if (levels == Levels::two) return add_columns<Levels::two>(Moments{x}, rows, about, first, second);
  add_columns<Levels::one>(Moments{x}, rows, about, first, second);
}
void add_gradient_rows(const float* x, const float* dy, const Rows& rows, const float* about, double* first,
                       double* second, Levels levels) {
  if (levels == Levels::two) return add_columns<Levels::two>(Products{x, dy}, rows, about, first, second);
  add_columns<Levels::one>(Products{x, dy}, rows, about, first, second);
}

}  // namespace
}  // namespace normproof::kernels::vector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normproof::kernels::vector {

HWY_EXPORT(totals);
HWY_EXPORT(sums_of_planes);
HWY_EXPORT(gradient_sums_of_planes);
HWY_EXPORT(add_rows);
HWY_EXPORT(add_gradient_rows);

void totals(const LaneSums* lanes, std::int64_t count, double* first, double* second) {
  HWY_DYNAMIC_DISPATCH(totals)(lanes, count, first, second);
}
void sums_of_planes(const float* x, const Planes& planes, const float* about, LaneSums* sums, Levels levels) {
  HWY_DYNAMIC_DISPATCH(sums_of_planes)(x, planes, about, sums, levels);
}
void gradient_sums_of_planes(const float* x, const float* dy, const Planes& planes, const float* about, LaneSums* sums,
                             Levels levels) {
  HWY_DYNAMIC_DISPATCH(gradient_sums_of_planes)(x, dy, planes, about, sums, levels);
}
void add_rows(const float* x, const Rows& rows, const float* about, double* first, double* second, Levels levels) {
  HWY_DYNAMIC_DISPATCH(add_rows)(x, rows, about, first, second, levels);
}
void add_gradient_rows(const float* x, const float* dy, const Rows& rows, const float* about, double* first,
                       double* second, Levels levels) {
  HWY_DYNAMIC_DISPATCH(add_gradient_rows)(x, dy, rows, about, first, second, levels);
}

}  // namespace normproof::kernels::vector
#endif
