// Kernel: batch norm with given statistics in float32, vectorized.
//
// Computes       y = gamma (x − running_mean)/√(running_var + eps) + beta
// Source         LL19 Algorithm 1, inference; LI23 (49) before it is folded
// Layout         f32 N×C×H×W, N×H×W×C and N×C without gaps, x and y alike; y may be x. Vectors may be f32 or f64
// Accuracy       answers to inference_bound of theory/rounding/normalization_bounds.hpp, in class compensated: errors
//                of some u |gamma x_hat|, u |beta| and u |y| (vector/element_maps.hpp)
// Traffic        x is read once, y written once
// Same bits      on a repeat and for any number of threads; for all vector targets with a fused multiply-add
// Preconditions  none on x: a value that is not finite stays by itself. running_var + eps < 0 gives NaN
#include <cmath>
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/vector/call.hpp"

namespace normproof::kernels {
namespace {

void infer(const normproof_call& call, vector::ChannelRange range, vector::ExactMaps& maps) {
  double variance[vector::most_channels];
  read(call.running_mean, range, 0, maps.mean_high);
  read(call.running_var, range, 0, variance);
  for (std::int64_t k = 0; k < range.count; ++k) {
    maps.mean_low[k] = 0;
    maps.inv_std[k] = 1 / std::sqrt(variance[k] + call.eps);
  }
  set_outputs(call, range, maps);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_arguments(call, NORMPROOF_BN_INFER); status != NORMPROOF_OK) return status;
  const auto nothing = [](vector::ChannelRange) {};
  return vector::run_vectorized(*call, nullptr, call->y, nothing, [&](const vector::Work& work) {
    vector::map_only(work, [&](vector::ChannelRange range, vector::ExactMaps& maps) { infer(*call, range, maps); });
  });
}

}  // namespace

normproof_kernel batch_norm_infer_vectorized() {
  return {.size = sizeof(normproof_kernel),
          .name = "batch_norm_infer_vectorized",
          .summary = "batch norm with given statistics in float32, vectorized",
          .op = NORMPROOF_BN_INFER,
          .dtypes = 1u << NORMPROOF_F32,
          .flags = NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
