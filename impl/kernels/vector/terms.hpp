// Which terms do the sums of a channel have, and how are they added up in sixteen lanes? Read once for each target.
//
// Chunks    Where sums are formed in two levels, each lane's terms of eight groups, or of four, are added up in float,
//           in pairs; the sum of a chunk is then added to the lane's sum in double. What is left over is less than half
//           a chunk and goes to double at once; of rows of columns, less than a chunk.
// Roundings In float, x − about goes through one of its own and three of sums, so 4u of Σ|x − about| at most, a square
//           through two of its deviation's, one or two of product and sum, and two of sums: 6u of Σ (x − about)²; a
//           product dy (x − about) through five, dy through three.
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

// Their sum; they are overwritten.
template <int count>
HWY_INLINE Floats in_pairs(Floats (&terms)[count]) {
  static_assert((count & (count - 1)) == 0);
  for (int width = count / 2; width > 0; width /= 2)
    for (int i = 0; i < width; ++i) terms[i] = hn::Add(terms[i], terms[i + width]);
  return terms[0];
}

HWY_INLINE void prefetch_apart(const float* from, std::int64_t apart, int count) {
  for (int i = 0; i < count; ++i, from += apart) prefetch(from);
}
// A step from one to the next: so many addresses at a time would not stay in registers.
template <int count>
HWY_INLINE void load_apart(const float* from, std::int64_t apart, Floats (&values)[count]) {
  for (int i = 0; i < count; ++i, from += apart) values[i] = hn::LoadU(float_tag, from);
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
  // The sums of the terms at `at`, at + apart, …, in float.
  template <int count>
  HWY_INLINE void add_up(std::int64_t at, std::int64_t apart, Floats about, Floats& first, Floats& second) const {
    Floats d[count], squares[count / 2];
    load_apart(x + at, apart, d);
    for (int i = 0; i < count; ++i) d[i] = hn::Sub(d[i], about);
    for (int i = 0; i < count / 2; ++i)
      squares[i] = hn::MulAdd(d[i + count / 2], d[i + count / 2], hn::Mul(d[i], d[i]));
    first = in_pairs<count>(d);
    second = in_pairs<count / 2>(squares);
  }
  HWY_INLINE void fetch(std::int64_t at) const { prefetch(x + at); }
  HWY_INLINE void fetch_apart(std::int64_t at, std::int64_t apart, int count) const {
    prefetch_apart(x + at, apart, count);
  }
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
  template <int count>
  HWY_INLINE void add_up(std::int64_t at, std::int64_t apart, Floats about, Floats& first, Floats& second) const {
    Floats g[count], d[count], products[count / 2];
    load_apart(dy + at, apart, g);
    load_apart(x + at, apart, d);
    for (int i = 0; i < count; ++i) d[i] = hn::Sub(d[i], about);
    for (int i = 0; i < count / 2; ++i)
      products[i] = hn::MulAdd(g[i + count / 2], d[i + count / 2], hn::Mul(g[i], d[i]));
    first = in_pairs<count>(g);
    second = in_pairs<count / 2>(products);
  }
  HWY_INLINE void fetch(std::int64_t at) const {
    prefetch(x + at);
    prefetch(dy + at);
  }
  HWY_INLINE void fetch_apart(std::int64_t at, std::int64_t apart, int count) const {
    prefetch_apart(x + at, apart, count);
    prefetch_apart(dy + at, apart, count);
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

// `count` groups, the first lanes of which are at `at`, at + apart, …: added up in float, then to what is there.
template <int count, class Terms, class AboutOf>
HWY_INLINE void add_chunk(const Terms& terms, std::int64_t at, std::int64_t apart, const AboutOf& about_of,
                          Accumulators& a) {
  // Through memory, for vectors of doubles have other lanes than those of floats.
  alignas(64) float first[group], second[group];
  for (std::int64_t k = 0; k < group; k += floats_per_vector) {
    Floats of_first, of_second;
    terms.template add_up<count>(at + k, apart, about_of(k), of_first, of_second);
    hn::Store(of_first, float_tag, first + k);
    hn::Store(of_second, float_tag, second + k);
  }
  for (std::int64_t v = 0; v < vectors_of_doubles; ++v) {
    a.first[v] = hn::Add(a.first[v], widen(first + v * doubles_per_vector));
    a.second[v] = hn::Add(a.second[v], widen(second + v * doubles_per_vector));
  }
}

inline constexpr int groups_of_a_chunk = 8, groups_of_half_a_chunk = 4;

template <int groups, class Terms>
HWY_INLINE void add_chunk_of_row(const Terms& terms, std::int64_t at, std::int64_t to_fetch, float about,
                                 Accumulators& a) {
  terms.fetch_apart(at + to_fetch, group, groups);
  add_chunk<groups>(
      terms, at, group, [about](std::int64_t) HWY_ATTR { return hn::Set(float_tag, about); }, a);
}

// `count` values side by side, added to what is there; what lies `to_fetch` further on is asked for.
template <Levels levels, class Terms>
HWY_INLINE void add_values(const Terms& terms, std::int64_t at, std::int64_t count, std::int64_t to_fetch, float about,
                           Accumulators& a) {
  const std::int64_t end = at + count;
  if constexpr (levels == Levels::two) {
    for (; at + groups_of_a_chunk * group <= end; at += groups_of_a_chunk * group)
      add_chunk_of_row<groups_of_a_chunk>(terms, at, to_fetch, about, a);
    if (at + groups_of_half_a_chunk * group <= end) {
      add_chunk_of_row<groups_of_half_a_chunk>(terms, at, to_fetch, about, a);
      at += groups_of_half_a_chunk * group;
    }
  }
  const Doubles shift = hn::Set(double_tag, static_cast<double>(about));
  for (; at + 2 * group <= end; at += 2 * group) {
    terms.fetch(at + to_fetch);
    terms.fetch(at + to_fetch + group);
    add_two_groups(terms, at, shift, a);
  }
  if (at + group <= end) {
    add_group(terms, at, shift, a);
    at += group;
  }
  if (at < end) add_part(terms, at, end - at, shift, a);
}

// The sums of one channel of one sample, added to what is there.
template <Levels levels, class Terms>
HWY_INLINE void add_row(const Terms& terms, std::int64_t begin, std::int64_t spatial, std::int64_t to_fetch,
                        float about, LaneSums& sums) {
  Accumulators a = load_sums(sums.first, sums.second);
  add_values<levels>(terms, begin, spatial, to_fetch, about, a);
  store_sums(a, sums.first, sums.second);
}

}  // namespace normproof::kernels::vector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
