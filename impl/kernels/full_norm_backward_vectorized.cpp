// Kernel: backward pass of full normalization in float32, vectorized, the state given.
//
// Computes       mu = fn_mean + fn_mean_low, s = √max(fn_square − mu², eps), x_hat = (x − mu)/s, c = 1 where
//                fn_square − mu² > eps, else 0; dbeta = Σ dy, dgamma = Σ dy x_hat
//                  dx = (gamma/s)(dy − dbeta/m − c x_hat dgamma/m)
// Source         LL19 Algorithm 3, backward: the reading that the claim fn_layer_backward proves right
// Layout         f32 N×C×H×W, N×H×W×C and N×C without gaps, x, dy and dx alike; dx may be dy, never x. Vectors may be
//                f32 or f64
// Accuracy       answers to the bounds of batch norm's backward pass with the mean and inv_std of the state, in class
//                compensated
// Traffic        as batch_norm_train_backward_vectorized
// Same bits      on a repeat and for any number of threads; for all vector targets with a fused multiply-add, on any
//                machine with as large a second-level cache
// Preconditions  finite x and dy
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/full_norm_scale.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/vector/call.hpp"

namespace normproof::kernels {
namespace {

void differentiate_channel(const normproof_call& call, std::int64_t channel, const vector::Sums& sums,
                           vector::ExactMap& map) {
  const double m = values_per_channel(call.x);
  const FullNormScale scale = full_norm_scale(call, channel);
  const double dbeta = sums.first, dgamma = sums.second * scale.inv_std;
  set(call.dbeta, channel, dbeta);
  set(call.dgamma, channel, dgamma);
  set_input_gradient(map, scale.mean, scale.inv_std, value_or(1, call.gamma, channel), dbeta / m,
                     scale.through_variance * (dgamma / m));
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_arguments(call, NORMPROOF_FN_BACKWARD); status != NORMPROOF_OK)
    return status;
  const auto no_gradient = [&](std::int64_t channel) {
    set(call->dgamma, channel, 0);
    set(call->dbeta, channel, 0);
  };
  return vector::run_vectorized(*call, &call->dy, call->dx, no_gradient, [&](const vector::Work& work) {
    const auto means = [&](std::int64_t first, std::int64_t count, double* about) {
      for (std::int64_t k = 0; k < count; ++k) {
        const HighLow parts = full_norm_mean(*call, first + k);
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

normproof_kernel full_norm_backward_vectorized() {
  return {.size = sizeof(normproof_kernel),
          .name = "full_norm_backward_vectorized",
          .summary = "backward pass of full normalization in float32, vectorized, the state given",
          .op = NORMPROOF_FN_BACKWARD,
          .dtypes = 1u << NORMPROOF_F32,
          .flags = NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
          .run = run};
}

}  // namespace normproof::kernels
