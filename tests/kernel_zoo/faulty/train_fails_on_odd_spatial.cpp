// Which fault? An odd number of places is answered with FAILED in the place of UNSUPPORTED.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = TrainSteps::check(call);
  if (status == NORMPROOF_OK && call->x.spatial > 1 && call->x.spatial % 2 != 0) return NORMPROOF_FAILED;  // fault
  return status == NORMPROOF_OK ? train<TrainSteps>(call) : status;
}

}  // namespace

FaultyKernel train_fails_on_odd_spatial() {
  return {declare("train_fails_on_odd_spatial", "odd shapes fail", NORMPROOF_BN_TRAIN, &run),
          "refusal reported as failure",
          "FAILED for an odd number of places",
          {"tails", "block_sizes", "few_values"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
