// Kernel: backward pass of full normalization, two sums and then the gradients, in double.
//
// Computes       per channel, with mu = fn_mean + fn_mean_low, s = √max(fn_square − mu², eps), m = batch · spatial and
//                c = 1 where fn_square − mu² > eps, else 0; the state is read, not updated:
//                  x_hat = (x − mu)/s, dbeta = Σ dy, dgamma = Σ dy x_hat
//                  dx = (gamma/s)(dy − dbeta/m − c x_hat dgamma/m)
// Source         LL19 Algorithm 3, backward, as the derivative of the layer: statistics per feature, divided by m
// Layout         any strides; dx may be dy (same strides), never x. x, dy, dx may be f32 or f64 independently, so may
//                every vector
// Accuracy       answers to dbeta_bound, dgamma_bound and input_gradient_bound of
//                theory/rounding/normalization_bounds.hpp, in class two_pass; the sums go through a tree
// Traffic        reads x and dy twice, writes dx once; no scratch memory
// Preconditions  finite x and dy of f32; of f64 no sum may overflow, and |mu| ≤ 1e150
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/channel_passes.hpp"
#include "impl/kernels/full_norm_scale.hpp"
#include "impl/kernels/strided.hpp"

namespace normproof::kernels {
namespace {

void differentiate_channel(const normproof_call& call, std::int64_t channel) {
  const FullNormScale scale = full_norm_scale(call, channel);
  const GradientSums sums = gradient_sums(call, channel, scale.mean, scale.inv_std);
  input_gradient(call, channel, scale.mean, scale.inv_std, sums, scale.through_variance);
  set(call.dgamma, channel, sums.dgamma);
  set(call.dbeta, channel, sums.dbeta);
}

normproof_status run(const normproof_call* call) {
  const normproof_status status = check_arguments(call, NORMPROOF_FN_BACKWARD);
  if (status != NORMPROOF_OK) return status;
  for (std::int64_t channel = 0; channel < call->x.channels; ++channel) differentiate_channel(*call, channel);
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel full_norm_backward_plain() {
  return {.size = sizeof(normproof_kernel),
          .name = "full_norm_backward_plain",
          .summary = "backward pass of full normalization: two sums, then the gradients, in double",
          .op = NORMPROOF_FN_BACKWARD,
          .dtypes = 1u << NORMPROOF_F32 | 1u << NORMPROOF_F64,
          .flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
