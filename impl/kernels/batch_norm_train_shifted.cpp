// Kernel: training-mode batch norm in float32, vectorized, from sums about a value of the channel.
//
// Computes       per channel, over its m = batch · spatial values, with a shift near its first values:
//                  d = (1/m) Σ (x − shift), mean = shift + d, variance = (1/m) (Σ (x − shift)² − d Σ (x − shift))
//                  inv_std = 1/√(variance + eps), y = gamma (x − mean) inv_std + beta
//                  running statistics and saved_*, as batch_statistics.hpp says
// Source         LL19 Algorithm 1, LI23 Algorithm 1; the shifted form: Chan, Golub & LeVeque (1983)
// Layout         f32 N×C×H×W, N×H×W×C and N×C without gaps, x and y alike; y may be x. Vectors may be f32 or f64
// Accuracy       class compensated; answers to mean_bound, variance_bound, inv_std_bound, output_bound,
//                running_mean_bound and running_variance_bound of theory/rounding/normalization_bounds.hpp. The sums
//                are in double, about a shift with (shift − mean)² ≤ m · variance/k for the k ≤ 8 values that it is the
//                mean of: so what cancels costs at most 1 + m/k of double's roundings. The mean has a low part. y is
//                formed in float, with errors of some u |gamma x_hat|, u |beta| and u |y| (vector/element_maps.hpp).
// Traffic        where a channel fits into the second-level cache: x is read once, y written once. Else, and for
//                channels last: x is read twice (plan.hpp)
// Same bits      on a repeat and for any number of threads; for all vector targets with a fused multiply-add, on any
//                machine with as large a second-level cache
// Preconditions  finite x
#include <cmath>
#include <cstdint>

#include "impl/kernel.h"
#include "impl/kernels/batch_statistics.hpp"
#include "impl/kernels/call_arguments.hpp"
#include "impl/kernels/strided.hpp"
#include "impl/kernels/vector/call.hpp"

namespace normproof::kernels {
namespace {

void train_channel(const normproof_call& call, std::int64_t channel, double shift, const vector::Sums& sums,
                   vector::ExactMap& map) {
  const double m = values_per_channel(call.x);
  const double d = sums.first / m;
  const HighLow mean = exact_sum(shift, d);
  const double about_mean = sums.second - d * sums.first;
  const double squares = about_mean < 0 ? 0 : about_mean;  // a NaN stays one
  const double inv_std = 1 / std::sqrt(squares / m + call.eps);
  update_running_statistics(call, channel, mean, squares, moving_average_in_double);
  save_statistics(call, channel, mean, inv_std);
  set_output(map, mean, inv_std, value_or(1, call.gamma, channel), value_or(0, call.beta, channel));
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_arguments(call, NORMPROOF_BN_TRAIN); status != NORMPROOF_OK) return status;
  const auto unspecified = [&](std::int64_t channel) { save_statistics(*call, channel, {0, 0}, 0); };
  return vector::run_vectorized(*call, nullptr, call->y, unspecified, [&](const vector::Work& work) {
    const auto shifts = [&](std::int64_t first, std::int64_t count, double* about) {
      vector::shifts(work, first, count, about);
    };
    vector::sum_and_map(work, shifts,
                        [&](std::int64_t channel, double shift, const vector::Sums& sums, vector::ExactMap& map) {
                          train_channel(*call, channel, shift, sums, map);
                        });
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
