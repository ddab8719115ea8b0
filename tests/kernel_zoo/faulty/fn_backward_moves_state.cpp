// Which fault? The backward pass updates fn_mean.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = backward<FullNormBackwardSteps>(call);
  if (status != NORMPROOF_OK || call->x.batch * call->x.spatial == 0) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    FullNormTrainSteps::update_mean(*call, c, TrainSteps::mean({call->x, c}));  // fault: it is only read
  }
  return status;
}

}  // namespace

FaultyKernel fn_backward_moves_state() {
  return {declare("fn_backward_moves_state", "backward moves the state", NORMPROOF_FN_BACKWARD, &run),
          "input overwritten",
          "fn_mean is updated",
          {"guards", "tails", "few_values", "gradients"},
          FindingKind::input_changed};
}

}  // namespace normproof::zoo::faulty
