// Which fault? dbeta is summed after dx was written, which may be dy.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Statistics of = saved_statistics(*call, c);
    GradientSums sums = BackwardSteps::sums(*call, c, of);
    const double gamma = get(call->gamma, c, 1), m = static_cast<double>(Channel{call->x, c}.count());
    each_place(call->x, [&](auto b, auto s) {
      if (call->dx.data == nullptr) return;
      const double dy = get(call->dy, b, c, s), x_hat = x_hat_of(get(call->x, b, c, s), of);
      set(call->dx, b, c, s, BackwardSteps::input_gradient(dy, x_hat, gamma, of, sums, m));
    });
    sums.dbeta = BackwardSteps::sums(*call, c, of).dbeta;  // fault: in place, dy is gone by now
    BackwardSteps::write_parameter_gradients(*call, c, sums);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_dbeta_after_dx() {
  return {declare("backward_dbeta_after_dx", "dbeta after dx", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "input read again after the output was written",
          "dbeta is summed after dx was written",
          {"aliasing"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
