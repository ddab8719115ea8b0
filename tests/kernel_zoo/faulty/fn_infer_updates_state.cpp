// Which fault? Inference moves the state.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = infer<FullNormInferSteps>(call);
  if (status != NORMPROOF_OK || call->x.batch * call->x.spatial == 0) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    FullNormTrainSteps::update_square(*call, c, FullNormTrainSteps::square({call->x, c}));  // fault: it is only read
  }
  return status;
}

}  // namespace

FaultyKernel fn_infer_updates_state() {
  return {declare("fn_infer_updates_state", "inference moves the state", NORMPROOF_FN_INFER, &run),
          "input overwritten",
          "fn_square is updated",
          {"guards", "tails", "few_values", "repeatability"},
          FindingKind::input_changed};
}

}  // namespace normproof::zoo::faulty
