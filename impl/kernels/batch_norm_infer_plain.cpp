// Kernel: batch norm with given statistics, the definition as it stands, in double.
//
// Computes       y = gamma (x − running_mean)/√(running_var + eps) + beta
// Source         LL19 Algorithm 1, inference; LI23 (49) before it is folded
// Layout         any strides; y may be x (same strides). x and y may be f32 or f64 independently, so may every vector
// Accuracy       answers to inference_bound of theory/rounding/normalization_bounds.hpp, in class two_pass
// Traffic        reads x once, writes y once; no scratch memory
// Preconditions  none on x: a value that is not finite stays by itself. running_var + eps < 0 gives NaN
#include <cmath>
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/channel_passes.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"

namespace normproof::kernels {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = check_arguments(call, NORMPROOF_BN_INFER);
  if (status != NORMPROOF_OK) return status;
  for (std::int64_t channel = 0; channel < call->x.channels; ++channel) {
    const HighLow mean = {value_or(0, call->running_mean, channel), 0};
    const double variance = value_or(0, call->running_var, channel);
    normalize(*call, channel, mean, 1 / std::sqrt(variance + call->eps));
  }
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel batch_norm_infer_plain() {
  return {.size = sizeof(normproof_kernel),
          .name = "batch_norm_infer_plain",
          .summary = "batch norm with given statistics: the definition as it stands, in double",
          .op = NORMPROOF_BN_INFER,
          .dtypes = 1u << NORMPROOF_F32 | 1u << NORMPROOF_F64,
          .flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
