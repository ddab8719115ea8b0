// What does training-mode batch norm write of a channel beside y?
//
//   running_mean ← (1 − momentum) running_mean + momentum mean
//   running_var  ← (1 − momentum) running_var + momentum variance, the unbiased kind with Σ (x − mean)²/(m − 1)
//   saved_mean, saved_inv_std; saved_mean_low = mean − saved_mean
//
// Source    LL19 Algorithm 1; BN_TRAIN of impl/kernel.h. With m = 1 and the unbiased kind neither statistic changes.
// Notation  squares = Σ (x − mean)² over the channel's m values.
#pragma once

#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"

namespace normproof::kernels {

// (1 − momentum) before + momentum now, in double: enough for what is rounded to float, and for f64 with an f32 x.
inline double moving_average_in_double(double momentum, HighLow before, HighLow now) {
  return (1 - momentum) * before.high + momentum * now.high;
}
inline double moving_average_in_two_doubles(double momentum, HighLow before, HighLow now) {
  return moving_average(momentum, before, now).high;
}

template <class Average>
void update_running_statistics(const normproof_call& call, std::int64_t channel, HighLow mean, double squares,
                               const Average& average) {
  if (call.running_mean.data == nullptr && call.running_var.data == nullptr) return;
  const bool unbiased = call.running_variance == NORMPROOF_VAR_UNBIASED;
  const double m = values_per_channel(call.x);
  if (m == 1 && unbiased) return;
  const double variance = squares / (unbiased ? m - 1 : m);
  const HighLow mean_before = {value_or(0, call.running_mean, channel), 0};
  const HighLow variance_before = {value_or(0, call.running_var, channel), 0};
  set(call.running_mean, channel, average(call.momentum, mean_before, mean));
  set(call.running_var, channel, average(call.momentum, variance_before, {variance, 0}));
}

inline void save_statistics(const normproof_call& call, std::int64_t channel, HighLow mean, double inv_std) {
  set(call.saved_mean, channel, mean.high);
  const double saved = value_or(mean.high, call.saved_mean, channel);
  set(call.saved_mean_low, channel, (mean.high - saved) + mean.low);
  set(call.saved_inv_std, channel, inv_std);
}

}  // namespace normproof::kernels
