// Kernel: backward pass of batch norm with given statistics, in double.
//
// Computes       per channel, with inv_std = 1/√(running_var + eps):
//                  x_hat = (x − running_mean) inv_std, dbeta = Σ dy, dgamma = Σ dy x_hat, dx = gamma inv_std dy
// Source         LI23 (13), (14) and (49): the statistics do not depend on x
// Layout         any strides; dx may be dy (same strides), never x. x, dy, dx may be f32 or f64 independently, so may
//                every vector
// Accuracy       answers to dbeta_bound, dgamma_bound and input_gradient_bound of
//                theory/rounding/normalization_bounds.hpp, in class two_pass; the sums go through a tree
// Traffic        reads x once and dy twice, writes dx once; no scratch memory
// Preconditions  finite x and dy of f32; of f64 no sum may overflow. running_var + eps < 0 gives NaN
#include <cmath>
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/channel_passes.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"

namespace normproof::kernels {
namespace {

void differentiate_channel(const normproof_call& call, std::int64_t channel) {
  const HighLow mean = {value_or(0, call.running_mean, channel), 0};
  const double inv_std = 1 / std::sqrt(value_or(0, call.running_var, channel) + call.eps);
  const GradientSums sums = gradient_sums(call, channel, mean, inv_std);
  if (call.dx.data != nullptr) {
    const double scale = value_or(1, call.gamma, channel) * inv_std;
    const Channel dy(call.dy, channel), dx(call.dx, channel);
    for_each_place(call.x, [&](Place at) { dx.set(at, scale * dy[at]); });
  }
  set(call.dgamma, channel, sums.dgamma);
  set(call.dbeta, channel, sums.dbeta);
}

normproof_status run(const normproof_call* call) {
  const normproof_status status = check_arguments(call, NORMPROOF_BN_INFER_BACKWARD);
  if (status != NORMPROOF_OK) return status;
  for (std::int64_t channel = 0; channel < call->x.channels; ++channel) differentiate_channel(*call, channel);
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel batch_norm_infer_backward_plain() {
  return {.size = sizeof(normproof_kernel),
          .name = "batch_norm_infer_backward_plain",
          .summary = "backward pass of batch norm with given statistics, in double",
          .op = NORMPROOF_BN_INFER_BACKWARD,
          .dtypes = 1u << NORMPROOF_F32 | 1u << NORMPROOF_F64,
          .flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
