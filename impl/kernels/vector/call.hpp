// Is a call one for the vector kernels, and what do they work on then?
//
// UNSUPPORTED   a tensor that is not f32; operands that are in no layout of dense_shape.hpp, or not in the same
// FAILED        no memory; running statistics and state may have been updated then
// With no value in the channels there is nothing to go over: when_empty(range) writes what is due.
#pragma once

#include <algorithm>
#include <cstdint>
#include <new>

#include "impl/kernel.h"
#include "impl/kernels/vector/sweeps.hpp"

namespace normproof::kernels::vector {

// The arguments make sense (call_arguments.hpp). dy is nullptr forward; `result` may be absent.
template <class WhenEmpty, class Sweep>
normproof_status run_vectorized(const normproof_call& call, const normproof_tensor* dy, const normproof_tensor& result,
                                const WhenEmpty& when_empty, const Sweep& sweep) {
  const normproof_tensor& x = call.x;
  const auto is_float = [](const normproof_tensor& t) { return t.dtype == NORMPROOF_F32; };
  if (!is_float(x) || (dy != nullptr && !is_float(*dy)) || (result.data != nullptr && !is_float(result)))
    return NORMPROOF_UNSUPPORTED;
  if (x.batch == 0 || x.spatial == 0) {
    for (std::int64_t first = 0; first < x.channels; first += most_channels)
      when_empty(ChannelRange{first, std::min(most_channels, x.channels - first)});
    return NORMPROOF_OK;
  }
  if (x.channels == 0) return NORMPROOF_OK;
  const auto shape = dy == nullptr ? dense_shape({&x, &result}) : dense_shape({&x, dy, &result});
  if (!shape) return NORMPROOF_UNSUPPORTED;
  Work work;
  work.x = static_cast<const float*>(x.data);
  work.dy = dy == nullptr ? nullptr : static_cast<const float*>(dy->data);
  work.result = static_cast<float*>(result.data);
  work.shape = *shape;
  work.threads = call.threads;
  const bool in_place = result.data == x.data || (dy != nullptr && result.data == dy->data);
  work.plan = plan_for(*shape, dy == nullptr ? 1 : 2, in_place, cache_sizes());
  try {
    sweep(work);
  } catch (const std::bad_alloc&) {
    return NORMPROOF_FAILED;
  }
  return NORMPROOF_OK;
}

}  // namespace normproof::kernels::vector
