// Kernel: training-mode batch norm in float32, vectorized, from sums about a value of the channel.
//
// Computes       per channel, over its m = batch · spatial values, with a shift that is one of its first values:
//                  d = (1/m) Σ (x − shift), mean = shift + d, variance = (1/m) (Σ (x − shift)² − d Σ (x − shift))
//                  inv_std = 1/√(variance + eps), y = gamma (x − mean) inv_std + beta
//                  running_mean ← (1 − momentum) running_mean + momentum mean; running_var likewise, with
//                  Σ (x − mean)²/(m − 1) where it holds the unbiased kind
//                  saved_mean, saved_inv_std; saved_mean_low = mean − saved_mean
// Source         LL19 Algorithm 1, LI23 Algorithm 1; the shifted form: Chan, Golub & LeVeque (1983)
// Layout         f32 N×C×H×W, N×H×W×C and N×C without gaps, x and y alike; y may be x. Vectors may be f32 or f64
// Accuracy       class two_pass; answers to mean_bound, variance_bound, inv_std_bound, output_bound,
//                running_mean_bound and running_variance_bound of theory/rounding/normalization_bounds.hpp. The sums
//                are formed in two levels: of eight values, or four, in float, which are added up in double. With
//                d = x − shift, Σ d is off by 4u Σ|d| at most and Σ d² by 6u of itself (vector/terms.hpp). As no more
//                than three quarters of Σ d² cancel (vector/trust.hpp), the variance is off by 56u of itself at most;
//                that is a worst case, mostly it is less than u. Where more cancels, or squares over- or underflow, the
//                channel's sums are formed in double, with (shift − mean)² ≤ 2m · variance/k for the k ≤ 8 values that
//                the shift is chosen from, so that what cancels costs at most 1 + 2m/k of double's roundings. The mean
//                has a low part. y is formed in float, with errors of some u |gamma x_hat|, u |beta| and u |y|
//                (vector/element_maps.hpp).
// Traffic        where a channel fits into the second-level cache: memory sees x once, y once. Else, and for
//                channels last: x is read twice (plan.hpp). Once more where sums are formed again
// Same bits      on a repeat and for any number of threads; for all vector targets with a fused multiply-add, on any
//                machine with as large a second-level cache
// Preconditions  finite x
#include <cmath>
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"
#include "impl/kernels/vector/call.hpp"

namespace normproof::kernels {
namespace {

using vector::ChannelRange;
using vector::ChannelSums;
using vector::ExactMaps;
using vector::most_channels;

// With m = 1 and the unbiased kind neither statistic changes.
void update_running_statistics(const normproof_call& call, ChannelRange range, const double* mean,
                               const double* squares) {
  const bool unbiased = call.running_variance == NORMPROOF_VAR_UNBIASED;
  const double m = values_per_channel(call.x), momentum = call.momentum;
  if (m == 1 && unbiased) return;
  const double divisor = unbiased ? m - 1 : m;
  double running[most_channels];
  read(call.running_mean, range, 0, running);
  for (std::int64_t k = 0; k < range.count; ++k) running[k] = (1 - momentum) * running[k] + momentum * mean[k];
  write(call.running_mean, range, running);
  read(call.running_var, range, 0, running);
  for (std::int64_t k = 0; k < range.count; ++k)
    running[k] = (1 - momentum) * running[k] + momentum * (squares[k] / divisor);
  write(call.running_var, range, running);
}

void save_statistics(const normproof_call& call, ChannelRange range, const ExactMaps& maps) {
  write(call.saved_mean, range, maps.mean_high);
  write(call.saved_inv_std, range, maps.inv_std);
  if (call.saved_mean_low.data == nullptr) return;
  double low[most_channels];
  read(call.saved_mean, range, 0, low);
  for (std::int64_t k = 0; k < range.count; ++k) {
    const double saved = call.saved_mean.data == nullptr ? maps.mean_high[k] : low[k];
    low[k] = (maps.mean_high[k] - saved) + maps.mean_low[k];
  }
  write(call.saved_mean_low, range, low);
}

void train(const normproof_call& call, ChannelRange range, const ChannelSums& sums, ExactMaps& maps) {
  const double m = values_per_channel(call.x);
  double squares[most_channels];
  for (std::int64_t k = 0; k < range.count; ++k) {
    const double d = sums.first[k] / m;
    const HighLow mean = exact_sum(static_cast<double>(sums.about[k]), d);
    maps.mean_high[k] = mean.high;
    maps.mean_low[k] = mean.low;
    const double about_mean = sums.second[k] - d * sums.first[k];
    squares[k] = about_mean < 0 ? 0 : about_mean;  // a NaN stays one
    maps.inv_std[k] = 1 / std::sqrt(squares[k] / m + call.eps);
  }
  update_running_statistics(call, range, maps.mean_high, squares);
  save_statistics(call, range, maps);
  set_outputs(call, range, maps);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_arguments(call, NORMPROOF_BN_TRAIN); status != NORMPROOF_OK) return status;
  const auto unspecified = [&](ChannelRange range) {
    const ExactMaps nothing = {};
    save_statistics(*call, range, nothing);
  };
  return vector::run_vectorized(*call, nullptr, call->y, unspecified, [&](const vector::Work& work) {
    vector::sum_and_map(
        work, vector::shifts_of(work),
        [&](ChannelRange range, const ChannelSums& sums, ExactMaps& maps) { train(*call, range, sums, maps); });
  });
}

}  // namespace

normproof_kernel batch_norm_train_shifted() {
  return {.size = sizeof(normproof_kernel),
          .name = "batch_norm_train_shifted",
          .summary = "training-mode batch norm in float32, vectorized: one pass of sums about a value of the channel",
          .op = NORMPROOF_BN_TRAIN,
          .dtypes = 1u << NORMPROOF_F32,
          .flags = NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
