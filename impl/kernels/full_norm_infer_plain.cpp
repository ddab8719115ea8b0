// Kernel: full normalization with given state, the definition as it stands, in double.
//
// Computes       y = gamma (x − mu)/√max(fn_square − mu², eps) + beta, mu = fn_mean + fn_mean_low
// Source         LL19 Algorithm 3, forward, outside of training
// Layout         any strides; y may be x (same strides). x and y may be f32 or f64 independently, so may every vector
// Accuracy       answers to full_norm_output_bound of theory/rounding/normalization_bounds.hpp, in class two_pass
// Traffic        reads x once, writes y once; no scratch memory
// Preconditions  none on x: a value that is not finite stays by itself. |mu| ≤ 1e150
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/channel_passes.hpp"
#include "impl/kernels/full_norm_scale.hpp"

namespace normproof::kernels {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = check_arguments(call, NORMPROOF_FN_INFER);
  if (status != NORMPROOF_OK) return status;
  for (std::int64_t channel = 0; channel < call->x.channels; ++channel) {
    const FullNormScale scale = full_norm_scale(*call, channel);
    normalize(*call, channel, scale.mean, scale.inv_std);
  }
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel full_norm_infer_plain() {
  return {.size = sizeof(normproof_kernel),
          .name = "full_norm_infer_plain",
          .summary = "full normalization with given state: the definition as it stands, in double",
          .op = NORMPROOF_FN_INFER,
          .dtypes = 1u << NORMPROOF_F32 | 1u << NORMPROOF_F64,
          .flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
