// Pass: the sums that statistics and gradients are made of, in double, sixteen side by side.
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

inline constexpr std::int64_t rows_at_once = 8;
// Of rows shorter than a page what comes so many floats later is asked for; of longer ones the hardware does it better.
// Empirical, as are the constants of plan.cpp.
inline constexpr std::int64_t floats_of_a_page = 1024, rows_ahead_in_floats = 4 * floats_of_a_page;

template <class Terms>
HWY_INLINE void add_planes(const Terms& terms, const Planes& planes, const double* about, LaneSums* sums) {
  for (std::int64_t b = 0; b < planes.batch; ++b) {
    for (std::int64_t c = 0; c < planes.channels; ++c) {
      const std::int64_t begin = b * planes.sample_stride + c * planes.spatial;
      add_row(terms, begin, planes.spatial, place_ahead(planes, b, c), about[c], sums[c]);
    }
  }
}

template <bool fetches, class Terms>
HWY_INLINE void add_columns(const Terms& terms, const Rows& rows, const double* about, double* first, double* second) {
  for (std::int64_t r = 0; r < rows.rows; r += rows_at_once) {
    const std::int64_t end = std::min(rows.rows, r + rows_at_once);
    for_each_group(
        rows.columns,
        [&](std::int64_t k) HWY_ATTR {
          Accumulators a = load_sums(first + k, second + k);
          Doubles shift[vectors_of_doubles];
          for (std::int64_t v = 0; v < vectors_of_doubles; ++v)
            shift[v] = hn::LoadU(double_tag, about + k + v * doubles_per_vector);
          for (std::int64_t i = r; i < end; ++i) {
            if constexpr (fetches) terms.fetch(i * rows.row_stride + k + rows_ahead_in_floats);
            for (std::int64_t v = 0; v < vectors_of_doubles; ++v)
              terms.add(i * rows.row_stride + k, v * doubles_per_vector, shift[v], a.first[v], a.second[v]);
          }
          store_sums(a, first + k, second + k);
        },
        [&](std::int64_t k, std::int64_t count) HWY_ATTR {
          // The arrays of columns end here: copies.
          alignas(64) double a[group] = {}, s[group] = {}, q[group] = {};
          std::copy(about + k, about + k + count, a);
          std::copy(first + k, first + k + count, s);
          std::copy(second + k, second + k + count, q);
          Accumulators sums = load_sums(s, q);
          for (std::int64_t v = 0; v < vectors_of_doubles; ++v) {
            const Doubles shift = hn::Load(double_tag, a + v * doubles_per_vector);
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

template <class Terms>
HWY_INLINE void add_columns(const Terms& terms, const Rows& rows, const double* about, double* first, double* second) {
  if (rows.row_stride < floats_of_a_page) return add_columns<true>(terms, rows, about, first, second);
  add_columns<false>(terms, rows, about, first, second);
}

void SumsOfPlanes(const float* x, const Planes& planes, const double* shift, LaneSums* sums) {
  add_planes(Moments{x}, planes, shift, sums);
}
void GradientSumsOfPlanes(const float* x, const float* dy, const Planes& planes, const double* mean, LaneSums* sums) {
  add_planes(Products{x, dy}, planes, mean, sums);
}
void AddRows(const float* x, const Rows& rows, const double* shift, double* first, double* second) {
  add_columns(Moments{x}, rows, shift, first, second);
}
void AddGradientRows(const float* x, const float* dy, const Rows& rows, const double* mean, double* first,
                     double* second) {
  add_columns(Products{x, dy}, rows, mean, first, second);
}

}  // namespace
}  // namespace normproof::kernels::vector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normproof::kernels::vector {

HWY_EXPORT(SumsOfPlanes);
HWY_EXPORT(GradientSumsOfPlanes);
HWY_EXPORT(AddRows);
HWY_EXPORT(AddGradientRows);

void sums_of_planes(const float* x, const Planes& planes, const double* shift, LaneSums* sums) {
  HWY_DYNAMIC_DISPATCH(SumsOfPlanes)(x, planes, shift, sums);
}
void gradient_sums_of_planes(const float* x, const float* dy, const Planes& planes, const double* mean,
                             LaneSums* sums) {
  HWY_DYNAMIC_DISPATCH(GradientSumsOfPlanes)(x, dy, planes, mean, sums);
}
void add_rows(const float* x, const Rows& rows, const double* shift, double* first, double* second) {
  HWY_DYNAMIC_DISPATCH(AddRows)(x, rows, shift, first, second);
}
void add_gradient_rows(const float* x, const float* dy, const Rows& rows, const double* mean, double* first,
                       double* second) {
  HWY_DYNAMIC_DISPATCH(AddGradientRows)(x, dy, rows, mean, first, second);
}

namespace {

double in_pairs(const double (&lanes)[16]) {
  double sums[16];
  std::copy(lanes, lanes + 16, sums);
  for (int width = 8; width > 0; width /= 2)
    for (int k = 0; k < width; ++k) sums[k] += sums[k + width];
  return sums[0];
}

}  // namespace

Sums total(const LaneSums& lanes) { return {in_pairs(lanes.first), in_pairs(lanes.second)}; }

}  // namespace normproof::kernels::vector
#endif
