// Which fault? Without a value dgamma and dbeta are not written.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = BackwardSteps::check(call);
  if (status == NORMPROOF_OK && call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;  // fault: both are 0
  return status == NORMPROOF_OK ? backward<BackwardSteps>(call) : status;
}

}  // namespace

FaultyKernel backward_empty_leaves_outputs() {
  return {declare("backward_empty_leaves_outputs", "empty call writes nothing", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "empty call",
          "dgamma and dbeta are not written where m is 0",
          {"empty"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
