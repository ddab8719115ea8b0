// Which fault? The sums of two halves of the batch are divided by the count of the first one, twice over (FC57).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

void one_channel(const normproof_call& call, std::int64_t c) {
  const Statistics of = saved_statistics(call, c);
  const GradientSums sums = BackwardSteps::sums(call, c, of);
  const std::int64_t first_half = (call.x.batch + 1) / 2;
  const double m = static_cast<double>(2 * first_half * call.x.spatial);  // fault: the halves are unequal for odd batch
  each_place(call.x, [&](auto b, auto s) {
    if (call.dx.data == nullptr) return;
    const double dy = get(call.dy, b, c, s), x_hat = x_hat_of(get(call.x, b, c, s), of);
    set(call.dx, b, c, s, BackwardSteps::input_gradient(dy, x_hat, get(call.gamma, c, 1), of, sums, m));
  });
  BackwardSteps::write_parameter_gradients(call, c, sums);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) one_channel(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_count_of_equal_halves() {
  return {declare("backward_count_of_equal_halves", "count taken as twice the first half", NORMPROOF_BN_TRAIN_BACKWARD,
                  &run),
          "FC57",
          "m is twice the count of the first half of the batch",
          {"few_values", "tails", "gradients"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
