// Kernel: backward pass of training-mode batch norm, two sums and then the gradients, in double.
//
// Computes       per channel, with mean = saved_mean + saved_mean_low and m = batch · spatial:
//                  x_hat = (x − mean) saved_inv_std, dbeta = Σ dy, dgamma = Σ dy x_hat
//                  dx = gamma saved_inv_std (dy − dbeta/m − x_hat dgamma/m)
// Source         LI23 (9)–(14), gathered
// Layout         any strides; dx may be dy (same strides), never x. x, dy, dx may be f32 or f64 independently, so may
//                every vector
// Accuracy       answers to dbeta_bound, dgamma_bound and input_gradient_bound of
//                theory/rounding/normalization_bounds.hpp, in class two_pass; the sums go through a tree
// Traffic        reads x and dy twice, writes dx once; no scratch memory
// Preconditions  finite x and dy of f32; of f64 no sum may overflow
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/channel_passes.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"

namespace normproof::kernels {
namespace {

void differentiate_channel(const normproof_call& call, std::int64_t channel) {
  const HighLow mean = {value_or(0, call.saved_mean, channel), value_or(0, call.saved_mean_low, channel)};
  const double inv_std = value_or(0, call.saved_inv_std, channel);
  const GradientSums sums = gradient_sums(call, channel, mean, inv_std);
  input_gradient(call, channel, mean, inv_std, sums, 1);
  set(call.dgamma, channel, sums.dgamma);
  set(call.dbeta, channel, sums.dbeta);
}

normproof_status run(const normproof_call* call) {
  const normproof_status status = check_arguments(call, NORMPROOF_BN_TRAIN_BACKWARD);
  if (status != NORMPROOF_OK) return status;
  for (std::int64_t channel = 0; channel < call->x.channels; ++channel) differentiate_channel(*call, channel);
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel batch_norm_train_backward_two_pass() {
  return {.size = sizeof(normproof_kernel),
          .name = "batch_norm_train_backward_two_pass",
          .summary = "backward pass of training-mode batch norm: two sums, then the gradients, in double",
          .op = NORMPROOF_BN_TRAIN_BACKWARD,
          .dtypes = 1u << NORMPROOF_F32 | 1u << NORMPROOF_F64,
          .flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
