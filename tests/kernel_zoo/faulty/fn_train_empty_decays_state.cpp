// Which fault? A call with no value shrinks the state.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (call->x.batch * call->x.spatial != 0) return full_norm_train<FullNormTrainSteps>(call);
  if (const normproof_status status = FullNormTrainSteps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    FullNormTrainSteps::update_square(*call, c, 0);  // fault: the state stays where there is no value
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel fn_train_empty_decays_state() {
  return {declare("fn_train_empty_decays_state", "empty call decays the state", NORMPROOF_FN_TRAIN, &run),
          "empty call",
          "fn_square decays though there is no value",
          {"empty"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
