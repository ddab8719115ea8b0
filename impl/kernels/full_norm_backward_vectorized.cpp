// Kernel: backward pass of full normalization in float32, vectorized, the state given.
//
// Computes       mu = fn_mean + fn_mean_low, s = √max(fn_square − mu², eps), x_hat = (x − mu)/s, c = 1 where
//                fn_square − mu² > eps, else 0; dbeta = Σ dy, dgamma = Σ dy x_hat
//                  dx = (gamma/s)(dy − dbeta/m − c x_hat dgamma/m)
// Source         LL19 Algorithm 3, backward: the reading that the claim fn_layer_backward proves right
// Layout         f32 N×C×H×W, N×H×W×C and N×C without gaps, x, dy and dx alike; dx may be dy, never x. Vectors may be
//                f32 or f64
// Accuracy       answers to the bounds of batch norm's backward pass with the mean and inv_std of the state, in class
//                two_pass, its sums being the same
// Traffic        as batch_norm_train_backward_vectorized
// Same bits      on a repeat and for any number of threads; for all vector targets with a fused multiply-add, on any
//                machine with as large a second-level cache
// Preconditions  finite x and dy
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/full_norm_scale.hpp"
#include "impl/kernels/vector/call.hpp"

namespace normproof::kernels {
namespace {

using vector::ChannelRange;
using vector::ChannelSums;
using vector::ExactMaps;

void differentiate(const normproof_call& call, ChannelRange range, const ChannelSums& sums, ExactMaps& maps) {
  double through_variance[vector::most_channels];
  for (std::int64_t k = 0; k < range.count; ++k) {
    const FullNormScale scale = full_norm_scale(call, range.first + k);
    maps.mean_high[k] = scale.mean.high;
    maps.mean_low[k] = scale.mean.low;
    maps.inv_std[k] = scale.inv_std;
    through_variance[k] = scale.through_variance;
  }
  set_gradients(
      call, range, sums, [&](std::int64_t k) { return through_variance[k]; }, maps);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_arguments(call, NORMPROOF_FN_BACKWARD); status != NORMPROOF_OK)
    return status;
  const auto no_gradient = [&](ChannelRange range) { vector::set_no_gradients(*call, range); };
  return vector::run_vectorized(*call, &call->dy, call->dx, no_gradient, [&](const vector::Work& work) {
    vector::sum_and_map(
        work, vector::means_of(call->fn_mean, call->fn_mean_low),
        [&](ChannelRange range, const ChannelSums& sums, ExactMaps& maps) { differentiate(*call, range, sums, maps); });
  });
}

}  // namespace

normproof_kernel full_norm_backward_vectorized() {
  return {.size = sizeof(normproof_kernel),
          .name = "full_norm_backward_vectorized",
          .summary = "backward pass of full normalization in float32, vectorized, the state given",
          .op = NORMPROOF_FN_BACKWARD,
          .dtypes = 1u << NORMPROOF_F32,
          .flags = NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
