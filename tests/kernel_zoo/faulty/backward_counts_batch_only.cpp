// Which fault? The backward pass takes the first extent for the number of values in a channel (FC39).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

void one_channel(const normproof_call& call, std::int64_t c) {
  const Statistics of = saved_statistics(call, c);
  const GradientSums sums = BackwardSteps::sums(call, c, of);
  const double m = static_cast<double>(call.x.batch);  // fault: m is batch · spatial
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

FaultyKernel backward_counts_batch_only() {
  return {declare("backward_counts_batch_only", "m = batch in the backward pass", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "FC39",
          "dx divides by batch, not by batch · spatial",
          {"block_sizes", "gradients", "tails", "sum_of_dx"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
