// How fast could the same bytes be moved? Copies x to y, or adds x and dy to dx, with either kind of stores.
//
// The least that an operation moves: forward and inference one read and one write, backward two reads and one write.
// The limit is the better of regular and non-temporal stores. Four vectors at a time, on the best target there is.
#include <algorithm>
#include <cstdint>

#include "bench/kernels/contender.hpp"

// Reads this file once for each target; the order matters.
#include "impl/kernels/vector/targets.hpp"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/kernels/memory_limit.cpp"
#include <hwy/foreach_target.h>

#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace normproof::bench::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// x and y are aligned to lines, the count is a multiple of four vectors but for the last elements.
template <bool two_reads, bool non_temporal>
HWY_INLINE void move(const float* HWY_RESTRICT x, const float* HWY_RESTRICT dy, float* HWY_RESTRICT y,
                     std::int64_t count) {
  const hn::ScalableTag<float> tag;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(tag));
  std::int64_t k = 0;
  const auto moved = [&](std::int64_t at) HWY_ATTR {
    const auto v = hn::Load(tag, x + at);
    if constexpr (two_reads)
      return hn::Add(v, hn::Load(tag, dy + at));
    else
      return v;
  };
  for (; k + 4 * lanes <= count; k += 4 * lanes) {
    const auto a = moved(k), b = moved(k + lanes), c = moved(k + 2 * lanes), d = moved(k + 3 * lanes);
    if constexpr (non_temporal) {
      hn::Stream(a, tag, y + k);
      hn::Stream(b, tag, y + k + lanes);
      hn::Stream(c, tag, y + k + 2 * lanes);
      hn::Stream(d, tag, y + k + 3 * lanes);
    } else {
      hn::Store(a, tag, y + k);
      hn::Store(b, tag, y + k + lanes);
      hn::Store(c, tag, y + k + 2 * lanes);
      hn::Store(d, tag, y + k + 3 * lanes);
    }
  }
  for (; k < count; ++k) y[k] = two_reads ? x[k] + dy[k] : x[k];
  if constexpr (non_temporal) hwy::FlushStream();
}

void Copy(const float* x, const float*, float* y, std::int64_t count) { move<false, false>(x, x, y, count); }
void CopyPastCaches(const float* x, const float*, float* y, std::int64_t count) { move<false, true>(x, x, y, count); }
void Add(const float* x, const float* dy, float* y, std::int64_t count) { move<true, false>(x, dy, y, count); }
void AddPastCaches(const float* x, const float* dy, float* y, std::int64_t count) { move<true, true>(x, dy, y, count); }

}  // namespace
}  // namespace normproof::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace normproof::bench {

HWY_EXPORT(Copy);
HWY_EXPORT(CopyPastCaches);
HWY_EXPORT(Add);
HWY_EXPORT(AddPastCaches);

namespace {

void move(bool two_reads, bool past_caches, const float* x, const float* dy, float* y, std::int64_t count) {
  if (two_reads && past_caches) HWY_DYNAMIC_DISPATCH(AddPastCaches)(x, dy, y, count);
  if (two_reads && !past_caches) HWY_DYNAMIC_DISPATCH(Add)(x, dy, y, count);
  if (!two_reads && past_caches) HWY_DYNAMIC_DISPATCH(CopyPastCaches)(x, dy, y, count);
  if (!two_reads && !past_caches) HWY_DYNAMIC_DISPATCH(Copy)(x, dy, y, count);
}

void add(Problem& problem, int threads, Contenders& contenders) {
  const bool two_reads = is_backward(problem.operation);
  const float* const x = problem.x(1);
  const float* const dy = two_reads ? problem.dy(1) : x;
  float* const y = problem.result(1);
  const std::int64_t count = problem.shape.elements();
  for (const bool past_caches : {false, true}) {
    const auto run = [=] {
      constexpr std::int64_t line = 16;
      const auto begin_of = [&](int t) { return t == threads ? count : count * t / threads / line * line; };
      if (threads == 1) return move(two_reads, past_caches, x, dy, y, count);
#pragma omp parallel for num_threads(threads) schedule(static, 1)
      for (int t = 0; t < threads; ++t) {
        const std::int64_t begin = begin_of(t);
        move(two_reads, past_caches, x + begin, dy + begin, y + begin, begin_of(t + 1) - begin);
      }
    };
    const std::string what = two_reads ? "triad" : "copy";
    contenders.push_back({.name = what + (past_caches ? ":non_temporal" : ":regular"),
                          .kind = Contender::Kind::limit,
                          .run = run,
                          .outputs = [&problem] {
                            return Outputs{problem.in_planes(problem.result(1), 1), {}, {}};
                          }});
  }
}

}  // namespace

Source memory_limit() { return {"memory limit", "copy and triad", add, nullptr}; }

}  // namespace normproof::bench
#endif
