// Which terms do the sums of a channel have, and how are they added up in sixteen lanes? Read once for each target.
//
// This header has no include guard of the usual kind: foreach_target.h reads it anew for each target.
#include "impl/kernels/vector/groups.hpp"
#include "impl/kernels/vector/passes.hpp"

#if defined(NORMPROOF_VECTOR_TERMS) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMPROOF_VECTOR_TERMS
#undef NORMPROOF_VECTOR_TERMS
#else
#define NORMPROOF_VECTOR_TERMS
#endif

HWY_BEFORE_NAMESPACE();
namespace normproof::kernels::vector::HWY_NAMESPACE {

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

// The hardware does not foresee the next sample of a block, which lies elsewhere: what is to come in `ahead` floats is
// asked for, in this sample or, from its end on, in the next.
inline constexpr std::int64_t ahead = 1024;
HWY_INLINE std::int64_t place_ahead(const Planes& planes, std::int64_t sample, std::int64_t channel) {
  const std::int64_t row = planes.channels * planes.spatial, then = channel * planes.spatial + ahead;
  if (then < row || sample + 1 == planes.batch) return sample * planes.sample_stride + then;
  return (sample + 1) * planes.sample_stride + std::min(then - row, row - 1);
}

template <class Terms>
HWY_INLINE void add_group(const Terms& terms, std::int64_t at, Doubles about, Accumulators& a) {
  for (std::int64_t v = 0; v < vectors_of_doubles; ++v)
    terms.add(at, v * doubles_per_vector, about, a.first[v], a.second[v]);
}
template <class Terms>
HWY_INLINE void add_part(const Terms& terms, std::int64_t at, std::int64_t count, Doubles about, Accumulators& a) {
  for (std::int64_t v = 0; v < vectors_of_doubles; ++v)
    terms.add_first(at, v * doubles_per_vector, count, about, a.first[v], a.second[v]);
}

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
        add_group(terms, begin + i, shift, a);
      },
      [&](std::int64_t i, std::int64_t count) HWY_ATTR { add_part(terms, begin + i, count, shift, a); });
  store_sums(a, sums.first, sums.second);
}

}  // namespace normproof::kernels::vector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
