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

#include "impl/kernels/vector/groups.hpp"

HWY_BEFORE_NAMESPACE();
namespace normproof::kernels::vector::HWY_NAMESPACE {
namespace {

inline constexpr std::int64_t ahead = 1024;
inline constexpr std::int64_t rows_at_once = 8;

struct Accumulators {
  Doubles first[vectors_of_doubles], second[vectors_of_doubles];
};

HWY_INLINE Accumulators load_sums(const double* first, const double* second) {
  Accumulators a;
  for (std::int64_t v = 0; v < vectors_of_doubles; ++v) {
    a.first[v] = hn::LoadU(double_tag, first + v * doubles_per_vector);
    a.second[v] = hn::LoadU(double_tag, second + v * doubles_per_vector);
  }
  return a;
}
HWY_INLINE void store_sums(const Accumulators& a, double* first, double* second) {
  for (std::int64_t v = 0; v < vectors_of_doubles; ++v) {
    hn::StoreU(a.first[v], double_tag, first + v * doubles_per_vector);
    hn::StoreU(a.second[v], double_tag, second + v * doubles_per_vector);
  }
}

// The terms of `count` elements: x − shift and its square, or dy and dy (x − mean).
struct Moments {
  const float* x;
  HWY_INLINE void add(std::int64_t at, std::int64_t lane, Doubles shift, Doubles& first, Doubles& second) const {
    const Doubles deviation = hn::Sub(widen(x + at + lane), shift);
    first = hn::Add(first, deviation);
    second = hn::MulAdd(deviation, deviation, second);
  }
  HWY_INLINE void add_first(std::int64_t at, std::int64_t lane, std::int64_t count, Doubles shift, Doubles& first,
                            Doubles& second) const {
    const Doubles deviation = hn::IfThenElseZero(first_lanes(double_tag, count - lane),
                                                 hn::Sub(widen_first(x + at + lane, count - lane), shift));
    first = hn::Add(first, deviation);
    second = hn::MulAdd(deviation, deviation, second);
  }
  HWY_INLINE void fetch(std::int64_t at) const { prefetch(x + at); }
};

struct Products {
  const float* x;
  const float* dy;
  HWY_INLINE void add(std::int64_t at, std::int64_t lane, Doubles mean, Doubles& first, Doubles& second) const {
    const Doubles gradient = widen(dy + at + lane);
    first = hn::Add(first, gradient);
    second = hn::MulAdd(gradient, hn::Sub(widen(x + at + lane), mean), second);
  }
  HWY_INLINE void add_first(std::int64_t at, std::int64_t lane, std::int64_t count, Doubles mean, Doubles& first,
                            Doubles& second) const {
    const auto mask = first_lanes(double_tag, count - lane);
    const Doubles gradient = widen_first(dy + at + lane, count - lane);
    const Doubles deviation = hn::IfThenElseZero(mask, hn::Sub(widen_first(x + at + lane, count - lane), mean));
    first = hn::Add(first, gradient);
    second = hn::MulAdd(gradient, deviation, second);
  }
  HWY_INLINE void fetch(std::int64_t at) const {
    prefetch(x + at);
    prefetch(dy + at);
  }
};

// The sums of one channel of one sample, added to what is there.
template <class Terms>
HWY_INLINE void add_row(const Terms& terms, std::int64_t begin, std::int64_t spatial, std::int64_t to_fetch,
                        double about, LaneSums& sums) {
  const Doubles shift = hn::Set(double_tag, about);
  Accumulators a = load_sums(sums.first, sums.second);
  for_each_group(
      spatial,
      [&](std::int64_t i) HWY_ATTR {
        terms.fetch(to_fetch + i);
        for (std::int64_t v = 0; v < vectors_of_doubles; ++v)
          terms.add(begin + i, v * doubles_per_vector, shift, a.first[v], a.second[v]);
      },
      [&](std::int64_t i, std::int64_t count) HWY_ATTR {
        for (std::int64_t v = 0; v < vectors_of_doubles; ++v)
          terms.add_first(begin + i, v * doubles_per_vector, count, shift, a.first[v], a.second[v]);
      });
  store_sums(a, sums.first, sums.second);
}

template <class Terms>
HWY_INLINE void add_planes(const Terms& terms, const Planes& planes, const double* about, LaneSums* sums) {
  const std::int64_t row = planes.channels * planes.spatial;
  for (std::int64_t b = 0; b < planes.batch; ++b) {
    for (std::int64_t c = 0; c < planes.channels; ++c) {
      const std::int64_t in_row = c * planes.spatial;
      // The place `ahead` floats further on: in this sample or, from its end on, in the next.
      std::int64_t next = in_row + ahead;
      std::int64_t sample = b;
      if (next >= row) {
        next = std::min(next - row, row - 1);
        sample = std::min(b + 1, planes.batch - 1);
      }
      add_row(terms, b * planes.sample_stride + in_row, planes.spatial, sample * planes.sample_stride + next, about[c],
              sums[c]);
    }
  }
}

template <class Terms>
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
