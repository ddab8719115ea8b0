// Kernel: backward pass of training-mode batch norm in float32, vectorized.
//
// Computes       per channel, with mean = saved_mean + saved_mean_low and m = batch · spatial:
//                  x_hat = (x − mean) saved_inv_std, dbeta = Σ dy, dgamma = Σ dy x_hat
//                  dx = gamma saved_inv_std (dy − dbeta/m − x_hat dgamma/m)
// Source         LI23 (9)–(14), gathered
// Layout         f32 N×C×H×W, N×H×W×C and N×C without gaps, x, dy and dx alike; dx may be dy, never x. Vectors may be
//                f32 or f64
// Accuracy       answers to dbeta_bound, dgamma_bound and input_gradient_bound of
//                theory/rounding/normalization_bounds.hpp, in class two_pass: sums in two levels, of eight values,
//                or four, in float, which are added up in double, about the float nearest to the mean; what the mean
//                has beyond it is made up for in double. So Σ dy is off by 3u Σ|dy| at most and Σ dy (x − mean) by 13u
//                Σ|dy (x − mean)| (vector/terms.hpp); mostly it is less than u. Where products over- or underflow, or
//                cancel altogether, that channel's sums are formed again in double (vector/trust.hpp). dx in float,
//                with errors of some u of each of its three terms (vector/element_maps.hpp)
// Traffic        where x and dy of a channel fit into the second-level cache: memory sees each of them, and dx, once.
//                Else, and for channels last: x and dy are read twice (vector/plan.hpp). Once more where sums are
//                formed again
// Same bits      on a repeat and for any number of threads; for all vector targets with a fused multiply-add, on any
//                machine with as large a second-level cache
// Preconditions  finite x and dy
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/vector/call.hpp"

namespace normproof::kernels {
namespace {

using vector::ChannelRange;
using vector::ChannelSums;
using vector::ExactMaps;

void differentiate(const normproof_call& call, ChannelRange range, const ChannelSums& sums, ExactMaps& maps) {
  read(call.saved_mean, range, 0, maps.mean_high);
  read(call.saved_mean_low, range, 0, maps.mean_low);
  read(call.saved_inv_std, range, 0, maps.inv_std);
  set_gradients(
      call, range, sums, [](std::int64_t) { return 1.0; }, maps);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_arguments(call, NORMPROOF_BN_TRAIN_BACKWARD); status != NORMPROOF_OK)
    return status;
  const auto no_gradient = [&](ChannelRange range) { vector::set_no_gradients(*call, range); };
  return vector::run_vectorized(*call, &call->dy, call->dx, no_gradient, [&](const vector::Work& work) {
    vector::sum_and_map(
        work, vector::means_of(call->saved_mean, call->saved_mean_low),
        [&](ChannelRange range, const ChannelSums& sums, ExactMaps& maps) { differentiate(*call, range, sums, maps); });
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
