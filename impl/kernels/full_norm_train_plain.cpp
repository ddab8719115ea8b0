// Kernel: training-mode full normalization, the state updated and then used, in double.
//
// Computes       per channel, over its m = batch · spatial values:
//                  mu ← (1 − momentum) mu + momentum (1/m) Σ x, mu = fn_mean + fn_mean_low
//                  fn_square ← (1 − momentum) fn_square + momentum (1/m) Σ x²
//                  y = gamma (x − mu)/√max(fn_square − mu², eps) + beta, from the state as it was stored
// Source         LL19 Algorithm 3, forward, statistics per feature
// Layout         any strides; y may be x (same strides). x and y may be f32 or f64 independently, so may every vector
// Accuracy       answers to full_norm_mean_bound, full_norm_square_bound and full_norm_output_bound of
//                theory/rounding/normalization_bounds.hpp, in class two_pass. The mean is held in two doubles and
//                stored so where fn_mean_low is there; fn_square has one, so that its rounding limits the variance
// Traffic        reads x twice where it updates and once for y, writes y once; no scratch memory
// Preconditions  finite x of f32; of f64 |x| ≤ 1e150 and m max|x|² ≤ 1e308 (sums of squares must not overflow)
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/channel_passes.hpp"
#include "impl/kernels/full_norm_scale.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"

namespace normproof::kernels {
namespace {

struct Moments {
  HighLow mean;
  double square = 0;
};

Moments moments_of(const normproof_tensor& tensor, std::int64_t channel) {
  const Channel x(tensor, channel);
  const double m = values_per_channel(tensor);
  TreeSum values, squares, left_over;
  for_each_place(tensor, [&](Place at) {
    values.add(x[at]);
    squares.add(x[at] * x[at]);
  });
  const double first = values.total() / m;
  for_each_place(tensor, [&](Place at) { left_over.add(x[at] - first); });
  return {exact_sum(first, left_over.total() / m), squares.total() / m};
}

void update_state(const normproof_call& call, std::int64_t channel) {
  const Moments batch = moments_of(call.x, channel);
  const HighLow mean = moving_average(call.momentum, full_norm_mean(call, channel), batch.mean);
  const HighLow square_before = {value_or(0, call.fn_square, channel), 0};
  set(call.fn_mean, channel, mean.high);
  const double stored = value_or(0, call.fn_mean, channel);
  set(call.fn_mean_low, channel, (mean.high - stored) + mean.low);
  set(call.fn_square, channel, moving_average(call.momentum, square_before, {batch.square, 0}).high);
}

normproof_status run(const normproof_call* call) {
  const normproof_status status = check_arguments(call, NORMPROOF_FN_TRAIN);
  if (status != NORMPROOF_OK) return status;
  if (values_per_channel(call->x) == 0) return NORMPROOF_OK;  // the state stays, and y has no value
  for (std::int64_t channel = 0; channel < call->x.channels; ++channel) {
    update_state(*call, channel);
    const FullNormScale scale = full_norm_scale(*call, channel);
    normalize(*call, channel, scale.mean, scale.inv_std);
  }
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel full_norm_train_plain() {
  return {.size = sizeof(normproof_kernel),
          .name = "full_norm_train_plain",
          .summary = "training-mode full normalization: the state is updated, then used, in double",
          .op = NORMPROOF_FN_TRAIN,
          .dtypes = 1u << NORMPROOF_F32 | 1u << NORMPROOF_F64,
          .flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
