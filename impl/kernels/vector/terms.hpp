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
  HWY_INLINE void add_two(std::int64_t at, std::int64_t and_at, Doubles shift, Doubles& first, Doubles& second) const {
    const Doubles a = hn::Sub(widen(x + at), shift), b = hn::Sub(widen(x + and_at), shift);
    first = hn::Add(first, hn::Add(a, b));
    second = hn::Add(second, hn::MulAdd(b, b, hn::Mul(a, a)));
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
  HWY_INLINE void add_two(std::int64_t at, std::int64_t and_at, Doubles mean, Doubles& first, Doubles& second) const {
    const Doubles a = widen(dy + at), b = widen(dy + and_at);
    first = hn::Add(first, hn::Add(a, b));
    const Doubles product = hn::Mul(a, hn::Sub(widen(x + at), mean));
    second = hn::Add(second, hn::MulAdd(b, hn::Sub(widen(x + and_at), mean), product));
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
// Two groups side by side, added to each other first: an addition to what is there waits for the one before it, and so
// there are half as many.
template <class Terms>
HWY_INLINE void add_two_groups(const Terms& terms, std::int64_t at, Doubles about, Accumulators& a) {
  for (std::int64_t v = 0; v < vectors_of_doubles; ++v) {
    const std::int64_t lane = v * doubles_per_vector;
    terms.add_two(at + lane, at + group + lane, about, a.first[v], a.second[v]);
  }
}
template <class Terms>
HWY_INLINE void add_part(const Terms& terms, std::int64_t at, std::int64_t count, Doubles about, Accumulators& a) {
  for (std::int64_t v = 0; v < vectors_of_doubles; ++v)
    terms.add_first(at, v * doubles_per_vector, count, about, a.first[v], a.second[v]);
}

// Fewer than two groups.
template <class Terms>
HWY_INLINE void add_rest(const Terms& terms, std::int64_t at, std::int64_t count, Doubles about, Accumulators& a) {
  if (count >= group) add_group(terms, at, about, a);
  if (count % group != 0) add_part(terms, at + count / group * group, count % group, about, a);
}

// The sums of one channel of one sample, added to what is there.
template <class Terms>
HWY_INLINE void add_row(const Terms& terms, std::int64_t begin, std::int64_t spatial, std::int64_t to_fetch,
                        double about, LaneSums& sums) {
  const Doubles shift = hn::Set(double_tag, about);
  Accumulators a = load_sums(sums.first, sums.second);
  std::int64_t i = 0;
  for (; i + 2 * group <= spatial; i += 2 * group) {
    terms.fetch(to_fetch + i);
    terms.fetch(to_fetch + i + group);
    add_two_groups(terms, begin + i, shift, a);
  }
  add_rest(terms, begin + i, spatial - i, shift, a);
  store_sums(a, sums.first, sums.second);
}

}  // namespace normproof::kernels::vector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
