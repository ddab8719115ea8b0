// Kernel: training-mode full normalization in float32, vectorized: the state is updated, then used.
//
// Computes       per channel, over its m = batch · spatial values, with a shift that is one of its first values:
//                  d = (1/m) Σ (x − shift), so (1/m) Σ x = shift + d and
//                  (1/m) Σ x² = (1/m) Σ (x − shift)² + shift (shift + 2d)
//                  mu ← (1 − momentum) mu + momentum (1/m) Σ x, mu = fn_mean + fn_mean_low
//                  fn_square ← (1 − momentum) fn_square + momentum (1/m) Σ x²
//                  y = gamma (x − mu)/√max(fn_square − mu², eps) + beta, from the state as it was stored
// Source         LL19 Algorithm 3, forward, statistics per feature
// Layout         f32 N×C×H×W, N×H×W×C and N×C without gaps, x and y alike; y may be x. Vectors may be f32 or f64
// Accuracy       answers to full_norm_mean_bound, full_norm_square_bound and full_norm_output_bound of
//                theory/rounding/normalization_bounds.hpp, in class two_pass: sums as in batch_norm_train_shifted,
//                moving averages in two doubles; fn_square has one, so that its rounding limits the variance
// Traffic        as batch_norm_train_shifted
// Same bits      on a repeat and for any number of threads; for all vector targets with a fused multiply-add, on any
//                machine with as large a second-level cache
// Preconditions  finite x
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/full_norm_scale.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/vector/call.hpp"

namespace normproof::kernels {
namespace {

void update_state(const normproof_call& call, std::int64_t channel, double shift, double deviations, double squares) {
  const double m = values_per_channel(call.x);
  const double d = deviations / m;
  const HighLow batch_mean = exact_sum(shift, d);
  const HighLow of_shift = product({shift, 0}, exact_sum(shift, 2 * d));
  const HighLow batch_square = sum({squares / m, 0}, of_shift);
  const HighLow mean = moving_average(call.momentum, full_norm_mean(call, channel), batch_mean);
  const HighLow square_before = {value_or(0, call.fn_square, channel), 0};
  set(call.fn_mean, channel, mean.high);
  const double stored = value_or(0, call.fn_mean, channel);
  set(call.fn_mean_low, channel, (mean.high - stored) + mean.low);
  set(call.fn_square, channel, moving_average(call.momentum, square_before, batch_square).high);
}

void train(const normproof_call& call, vector::ChannelRange range, const vector::ChannelSums& sums,
           vector::ExactMaps& maps) {
  for (std::int64_t k = 0; k < range.count; ++k) {
    update_state(call, range.first + k, static_cast<double>(sums.about[k]), sums.first[k], sums.second[k]);
    const FullNormScale scale = full_norm_scale(call, range.first + k);
    maps.mean_high[k] = scale.mean.high;
    maps.mean_low[k] = scale.mean.low;
    maps.inv_std[k] = scale.inv_std;
  }
  set_outputs(call, range, maps);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_arguments(call, NORMPROOF_FN_TRAIN); status != NORMPROOF_OK) return status;
  const auto state_stays = [](vector::ChannelRange) {};
  return vector::run_vectorized(*call, nullptr, call->y, state_stays, [&](const vector::Work& work) {
    vector::sum_and_map(work, vector::shifts_of(work),
                        [&](vector::ChannelRange range, const vector::ChannelSums& sums, vector::ExactMaps& maps) {
                          train(*call, range, sums, maps);
                        });
  });
}

}  // namespace

normproof_kernel full_norm_train_vectorized() {
  return {.size = sizeof(normproof_kernel),
          .name = "full_norm_train_vectorized",
          .summary = "training-mode full normalization in float32, vectorized: the state is updated, then used",
          .op = NORMPROOF_FN_TRAIN,
          .dtypes = 1u << NORMPROOF_F32,
          .flags = NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
