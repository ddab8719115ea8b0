// Which fault? x in f64 is declared, and refused.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (call->x.dtype == NORMPROOF_F64) return NORMPROOF_UNSUPPORTED;  // fault: dtypes says that it is taken
  return train<TrainSteps>(call);
}

}  // namespace

FaultyKernel train_declares_f64() {
  return {declare("train_declares_f64", "f64 by name only", NORMPROOF_BN_TRAIN, &run),
          "declared and never done",
          "x in f64 is always refused",
          {"promises"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
