// By what does full normalization divide, given its state?
//
//   variance = nu − mu², with mu = fn_mean + fn_mean_low, nu = fn_square;  inv_std = 1/√max(variance, eps)
//   through_variance = 1 where variance > eps, else 0: the derivative of the clamp
//
// Source    LL19 Algorithm 3; the operations FN_* of impl/kernel.h.
// Accuracy  mu² is formed with twice the digits of a double: of nu − mu² only what the state itself lost is lost.
//           Within one rounding of the variance and some 2^-105 mu².
#pragma once

#include <cmath>
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"

namespace normproof::kernels {

struct FullNormScale {
  HighLow mean;
  double inv_std = 0;
  double through_variance = 0;
};

inline HighLow full_norm_mean(const normproof_call& call, std::int64_t channel) {
  return exact_sum(value_or(0, call.fn_mean, channel), value_or(0, call.fn_mean_low, channel));
}

inline FullNormScale full_norm_scale(const normproof_call& call, std::int64_t channel) {
  const HighLow mean = full_norm_mean(call, channel);
  const HighLow mean_square = product(mean, mean);
  const double square = value_or(0, call.fn_square, channel);
  const double variance = (square - mean_square.high) - mean_square.low;
  const bool clamped = variance <= call.eps;  // a NaN is not, and stays one
  return {mean, 1 / std::sqrt(clamped ? call.eps : variance), variance > call.eps ? 1.0 : 0.0};
}

}  // namespace normproof::kernels
