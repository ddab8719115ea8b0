// What do the built-in kernels do to all values of a channel once its mean and its inv_std are known?
//
//   x_hat = (x − mean) inv_std
//   normalize        y = gamma x_hat + beta
//   gradient_sums    dbeta = Σ dy,  dgamma = Σ dy x_hat
//   input_gradient   dx = gamma inv_std (dy − dbeta/m − through_variance x_hat dgamma/m)
//
// Notation  mean = mean.high + mean.low.
// Why       x − mean is formed first and scaled afterwards: where x is the mean, y is beta, exactly. With the terms
//           gathered as x·scale + shift the roundings of two large numbers would remain. gamma comes last, for
//           |x_hat| ≤ √m in training: nothing overflows on the way to a finite y.
#pragma once

#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/sums.hpp"

namespace normproof::kernels {

inline double normalized(double x, HighLow mean, double inv_std) { return ((x - mean.high) - mean.low) * inv_std; }

// y may be x: each value is read before it is overwritten, and no other one is read then.
inline void normalize(const normproof_call& call, std::int64_t channel, HighLow mean, double inv_std) {
  const double gamma = value_or(1, call.gamma, channel);
  const double beta = value_or(0, call.beta, channel);
  const Channel x(call.x, channel), y(call.y, channel);
  for_each_place(call.x, [&](Place at) { y.set(at, gamma * normalized(x[at], mean, inv_std) + beta); });
}

struct GradientSums {
  double dgamma = 0, dbeta = 0;
};

inline GradientSums gradient_sums(const normproof_call& call, std::int64_t channel, HighLow mean, double inv_std) {
  const Channel x(call.x, channel), dy(call.dy, channel);
  TreeSum dgamma, dbeta;
  for_each_place(call.x, [&](Place at) {
    dbeta.add(dy[at]);
    dgamma.add(dy[at] * normalized(x[at], mean, inv_std));
  });
  return {dgamma.total(), dbeta.total()};
}

// The last is 0 where the variance does not depend on x (FN's clamp), else 1.
inline void input_gradient(const normproof_call& call, std::int64_t channel, HighLow mean, double inv_std,
                           GradientSums sums, double through_variance) {
  if (call.dx.data == nullptr) return;
  const double m = values_per_channel(call.x);
  const double scale = value_or(1, call.gamma, channel) * inv_std;
  const double mean_dy = sums.dbeta / m;
  const double mean_dy_x_hat = through_variance * (sums.dgamma / m);
  const Channel x(call.x, channel), dy(call.dy, channel), dx(call.dx, channel);
  for_each_place(call.x, [&](Place at) {
    const double x_hat = normalized(x[at], mean, inv_std);
    dx.set(at, scale * ((dy[at] - mean_dy) - x_hat * mean_dy_x_hat));
  });
}

}  // namespace normproof::kernels
