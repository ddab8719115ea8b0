// Kernel: backward pass of training-mode batch norm in float32, vectorized.
//
// Computes       per channel, with mean = saved_mean + saved_mean_low and m = batch · spatial:
//                  x_hat = (x − mean) saved_inv_std, dbeta = Σ dy, dgamma = Σ dy x_hat
//                  dx = gamma saved_inv_std (dy − dbeta/m − x_hat dgamma/m)
// Source         LI23 (9)–(14), gathered
// Layout         f32 N×C×H×W, N×H×W×C and N×C without gaps, x, dy and dx alike; dx may be dy, never x. Vectors may be
//                f32 or f64
// Accuracy       answers to dbeta_bound, dgamma_bound and input_gradient_bound of
//                theory/rounding/normalization_bounds.hpp, in class compensated: sums in double; dx in float, with
//                errors of some u of each of its three terms (vector/element_maps.hpp)
// Traffic        where x and dy of a channel fit into the second-level cache: each is read once, dx written once. Else,
//                and for channels last: x and dy are read twice (vector/plan.hpp)
// Same bits      on a repeat and for any number of threads; for all vector targets with a fused multiply-add, on any
//                machine with as large a second-level cache
// Preconditions  finite x and dy
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/vector/call.hpp"

namespace normproof::kernels {
namespace {

HighLow saved_mean(const normproof_call& call, std::int64_t channel) {
  return {value_or(0, call.saved_mean, channel), value_or(0, call.saved_mean_low, channel)};
}

// `about` = mean.high + mean.low, and the sums are Σ dy and Σ dy (x − about).
void differentiate_channel(const normproof_call& call, std::int64_t channel, const vector::Sums& sums,
                           vector::ExactMap& map) {
  const double m = values_per_channel(call.x);
  const double inv_std = value_or(0, call.saved_inv_std, channel);
  const double dbeta = sums.first, dgamma = sums.second * inv_std;
  set(call.dbeta, channel, dbeta);
  set(call.dgamma, channel, dgamma);
  set_input_gradient(map, saved_mean(call, channel), inv_std, value_or(1, call.gamma, channel), dbeta / m, dgamma / m);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_arguments(call, NORMPROOF_BN_TRAIN_BACKWARD); status != NORMPROOF_OK)
    return status;
  const auto no_gradient = [&](std::int64_t channel) {
    set(call->dgamma, channel, 0);
    set(call->dbeta, channel, 0);
  };
  return vector::run_vectorized(*call, &call->dy, call->dx, no_gradient, [&](const vector::Work& work) {
    const auto means = [&](std::int64_t first, std::int64_t count, double* about) {
      for (std::int64_t k = 0; k < count; ++k) {
        const HighLow parts = saved_mean(*call, first + k);
        about[k] = parts.high + parts.low;
      }
    };
    vector::sum_and_map(work, means,
                        [&](std::int64_t channel, double, const vector::Sums& sums, vector::ExactMap& map) {
                          differentiate_channel(*call, channel, sums, map);
                        });
  });
}

}  // namespace

normproof_kernel batch_norm_train_backward_vectorized() {
  return {.size = sizeof(normproof_kernel),
          .name = "batch_norm_train_backward_vectorized",
          .summary = "backward pass of training-mode batch norm in float32, vectorized",
          .op = NORMPROOF_BN_TRAIN_BACKWARD,
          .dtypes = 1u << NORMPROOF_F32,
          .flags = NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
