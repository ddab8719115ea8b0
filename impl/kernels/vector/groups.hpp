// Which operations on sixteen floats at a time are the vector passes made of? Read once for each vector target.
//
// Group     Sixteen floats side by side, as one, two or four vectors: the same sixteen for every target, so that what
//           is added up goes to the same accumulator, in the same order, whatever the width of a vector is.
// Tails     Of a row whose length is no multiple of sixteen the last group has 1 … 15 floats. Nothing outside of them
//           is read or written. Targets with masks that suppress faults use them, others go through a copy.
// Widening  Sums are kept in double; a float is a double, and the difference of two floats is one but for its last bit.
//           Targets without a fused multiply-add round a product first: their bits may differ in the last place.
//
// This header has no include guard of the usual kind: foreach_target.h reads it anew for each target.
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(NORMPROOF_VECTOR_GROUPS) == defined(HWY_TARGET_TOGGLE)
#ifdef NORMPROOF_VECTOR_GROUPS
#undef NORMPROOF_VECTOR_GROUPS
#else
#define NORMPROOF_VECTOR_GROUPS
#endif

HWY_BEFORE_NAMESPACE();
namespace normproof::kernels::vector::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::int64_t group = 16;

using FloatTag = hn::CappedTag<float, 16>;
using DoubleTag = hn::CappedTag<double, 16>;
using HalfTag = hn::Rebind<float, DoubleTag>;  // floats for one vector of doubles
using Floats = hn::Vec<FloatTag>;
using Doubles = hn::Vec<DoubleTag>;

inline constexpr FloatTag float_tag;
inline constexpr DoubleTag double_tag;
inline constexpr HalfTag half_tag;

// Known when compiling: vectors of a size that is not are not built for (passes.hpp).
inline constexpr std::int64_t floats_per_vector = HWY_LANES(float) < 16 ? HWY_LANES(float) : 16;
inline constexpr std::int64_t doubles_per_vector = HWY_LANES(double) < 16 ? HWY_LANES(double) : 16;
inline constexpr std::int64_t vectors_of_doubles = group / doubles_per_vector;

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3
inline constexpr bool masks_suppress_faults = true;
#else
inline constexpr bool masks_suppress_faults = false;
#endif

template <class Tag>
HWY_INLINE auto first_lanes(Tag tag, std::int64_t count) {
  const std::int64_t lanes = static_cast<std::int64_t>(hn::Lanes(tag));
  return hn::FirstN(tag, static_cast<std::size_t>(count < 0 ? 0 : count < lanes ? count : lanes));
}

// `count` values, the other lanes 0. count may be 0 or more than there are lanes.
template <class Tag>
HWY_INLINE hn::Vec<Tag> load_first(Tag tag, const float* from, std::int64_t count) {
  const std::int64_t lanes = static_cast<std::int64_t>(hn::Lanes(tag));
  if (count >= lanes) return hn::LoadU(tag, from);
  if constexpr (masks_suppress_faults) {
    return hn::MaskedLoad(first_lanes(tag, count), tag, from);
  } else {
    alignas(64) float copy[group] = {};
    if (count > 0) std::memcpy(copy, from, static_cast<std::size_t>(count) * sizeof(float));
    return hn::Load(tag, copy);
  }
}

HWY_INLINE void store_first(Floats values, float* to, std::int64_t count) {
  if constexpr (masks_suppress_faults) {
    hn::BlendedStore(values, first_lanes(float_tag, count), float_tag, to);
  } else {
    alignas(64) float copy[group];
    hn::Store(values, float_tag, copy);
    if (count > 0) std::memcpy(to, copy, static_cast<std::size_t>(count) * sizeof(float));
  }
}

HWY_INLINE Doubles widen(const float* from) { return hn::PromoteTo(double_tag, hn::LoadU(half_tag, from)); }
HWY_INLINE Doubles widen_first(const float* from, std::int64_t count) {
  return hn::PromoteTo(double_tag, load_first(half_tag, from, count));
}

HWY_INLINE void prefetch(const float* at) { __builtin_prefetch(at, 0, 3); }
HWY_INLINE void prefetch_to_second_level(const float* at) { __builtin_prefetch(at, 0, 2); }

// For every row of `row_length` floats of `from`, its groups: whole(p) for whole ones and part(p, count) for the last
// one where it has fewer.
template <class Whole, class Part>
HWY_INLINE void for_each_group(std::int64_t length, const Whole& whole, const Part& part) {
  std::int64_t i = 0;
  for (; i + group <= length; i += group) whole(i);
  if (i < length) part(i, length - i);
}

}  // namespace normproof::kernels::vector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
