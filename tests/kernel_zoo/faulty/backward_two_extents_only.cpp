// Which fault? The backward pass takes every tensor for batch × columns, and has a gradient for each column (FC39).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// Right for batch × channels. With a spatial extent it reads and writes past the ends of the vectors.
void one_column(const normproof_call& call, std::int64_t column) {
  const std::int64_t c = column / call.x.spatial, s = column % call.x.spatial;
  const Statistics of = saved_statistics(call, column);
  Sum dbeta, dgamma;
  for (std::int64_t b = 0; b < call.x.batch; ++b) {
    dbeta.add(get(call.dy, b, c, s));
    dgamma.add(get(call.dy, b, c, s) * x_hat_of(get(call.x, b, c, s), of));
  }
  const GradientSums sums = {dbeta.value(), dgamma.value()};
  for (std::int64_t b = 0; b < call.x.batch && call.dx.data != nullptr; ++b) {
    const double dy = get(call.dy, b, c, s), x_hat = x_hat_of(get(call.x, b, c, s), of);
    const double gamma = get(call.gamma, column, 1), m = static_cast<double>(call.x.batch);
    set(call.dx, b, c, s, BackwardSteps::input_gradient(dy, x_hat, gamma, of, sums, m));
  }
  BackwardSteps::write_parameter_gradients(call, column, sums);
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  const std::int64_t columns = call->x.channels * call->x.spatial;  // fault: a channel is all of its places
  for (std::int64_t column = 0; column < columns; ++column) one_column(*call, column);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_two_extents_only() {
  return {declare("backward_two_extents_only", "dgamma for batch x columns", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "FC39",
          "the columns are elements / batch, which is channels only where spatial is 1",
          {"guards", "tails", "block_sizes", "gradients"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
