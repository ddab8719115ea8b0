// Honest backward pass: dx = a·dy + b·x + c with the three factors folded in double.
//
// For f32 alone: of_x·x and the constant cancel, which double has the digits for and float has not.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
  const double m = static_cast<double>(call->x.batch * call->x.spatial);
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Statistics of = saved_statistics(*call, c);
    const GradientSums sums = BackwardSteps::sums(*call, c, of);
    const double of_dy = get(call->gamma, c, 1) * of.inv_std;
    const double of_x = -of_dy * of.inv_std * (sums.dgamma / m);
    const double constant = -of_dy * (sums.dbeta / m) - of_x * (of.mean + of.mean_low);
    each_place(call->x, [&](auto b, auto s) {
      if (call->dx.data == nullptr) return;
      set(call->dx, b, c, s, of_dy * get(call->dy, b, c, s) + of_x * get(call->x, b, c, s) + constant);
    });
    BackwardSteps::write_parameter_gradients(*call, c, sums);
  }
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel backward_folded() {
  return declare("backward_folded", "dx = a*dy + b*x + c, folded in double", NORMPROOF_BN_TRAIN_BACKWARD, &run,
                 f32_only);
}

}  // namespace normproof::zoo::honest
