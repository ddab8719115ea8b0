// Kernel: training-mode batch norm, a mean and then squares about it, in double.
//
// Computes       per channel, over its m = batch · spatial values:
//                  mean = (1/m) Σ x, variance = (1/m) Σ (x − mean)², inv_std = 1/√(variance + eps)
//                  y = gamma (x − mean) inv_std + beta
//                  running_mean ← (1 − momentum) running_mean + momentum mean; running_var likewise, with
//                  Σ (x − mean)²/(m − 1) where it holds the unbiased kind
//                  saved_mean, saved_inv_std; saved_mean_low = mean − saved_mean
// Source         LL19 Algorithm 1, LI23 Algorithm 1; the corrected mean: Chan, Golub & LeVeque (1983)
// Layout         any strides; y may be x (same strides). x and y may be f32 or f64 independently, so may every vector
// Accuracy       class two_pass; answers to mean_bound, variance_bound, inv_std_bound, output_bound, running_mean_bound
//                and running_variance_bound of theory/rounding/normalization_bounds.hpp. The mean is held in two
//                doubles: a first one, and the mean of what it leaves over. So a constant channel gives y = beta.
// Traffic        reads x four times, writes y once; no scratch memory
// Preconditions  finite x of f32; of f64 |x| ≤ 1e150 and m max|x|² ≤ 1e308 (sums of squares must not overflow)
#include <cmath>
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/channel_passes.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"

namespace normproof::kernels {
namespace {

HighLow mean_of(const normproof_tensor& tensor, std::int64_t channel) {
  const Channel x(tensor, channel);
  const double m = values_per_channel(tensor);
  TreeSum values, left_over;
  for_each_place(tensor, [&](Place at) { values.add(x[at]); });
  const double first = values.total() / m;
  for_each_place(tensor, [&](Place at) { left_over.add(x[at] - first); });
  return exact_sum(first, left_over.total() / m);
}

double sum_of_squares_about(HighLow mean, const normproof_tensor& tensor, std::int64_t channel) {
  const Channel x(tensor, channel);
  TreeSum squares;
  for_each_place(tensor, [&](Place at) {
    const double deviation = (x[at] - mean.high) - mean.low;
    squares.add(deviation * deviation);
  });
  return squares.total();
}

// With m = 1 and the unbiased kind neither statistic changes.
void update_running_statistics(const normproof_call& call, std::int64_t channel, HighLow mean, double squares) {
  if (call.running_mean.data == nullptr && call.running_var.data == nullptr) return;
  const bool unbiased = call.running_variance == NORMPROOF_VAR_UNBIASED;
  const double m = values_per_channel(call.x);
  if (m == 1 && unbiased) return;
  const double variance = squares / (unbiased ? m - 1 : m);
  const HighLow mean_before = {value_or(0, call.running_mean, channel), 0};
  const HighLow variance_before = {value_or(0, call.running_var, channel), 0};
  set(call.running_mean, channel, moving_average(call.momentum, mean_before, mean).high);
  set(call.running_var, channel, moving_average(call.momentum, variance_before, {variance, 0}).high);
}

void save_statistics(const normproof_call& call, std::int64_t channel, HighLow mean, double inv_std) {
  set(call.saved_mean, channel, mean.high);
  const double saved = value_or(mean.high, call.saved_mean, channel);
  set(call.saved_mean_low, channel, (mean.high - saved) + mean.low);
  set(call.saved_inv_std, channel, inv_std);
}

void train_channel(const normproof_call& call, std::int64_t channel) {
  const double m = values_per_channel(call.x);
  const HighLow mean = mean_of(call.x, channel);
  const double squares = sum_of_squares_about(mean, call.x, channel);
  const double inv_std = 1 / std::sqrt(squares / m + call.eps);
  normalize(call, channel, mean, inv_std);
  update_running_statistics(call, channel, mean, squares);
  save_statistics(call, channel, mean, inv_std);
}

normproof_status run(const normproof_call* call) {
  const normproof_status status = check_arguments(call, NORMPROOF_BN_TRAIN);
  if (status != NORMPROOF_OK) return status;
  const bool has_values = values_per_channel(call->x) > 0;
  for (std::int64_t channel = 0; channel < call->x.channels; ++channel) {
    if (has_values) {
      train_channel(*call, channel);
    } else {
      save_statistics(*call, channel, {0, 0}, 0);
    }
  }
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel batch_norm_train_two_pass() {
  return {.size = sizeof(normproof_kernel),
          .name = "batch_norm_train_two_pass",
          .summary = "training-mode batch norm: a corrected mean, then squares about it, in double",
          .op = NORMPROOF_BN_TRAIN,
          .dtypes = 1u << NORMPROOF_F32 | 1u << NORMPROOF_F64,
          .flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
