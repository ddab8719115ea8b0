// Which fault? gamma and beta are read in the type of x, whatever their own is (FC49).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
  normproof_call as_x = *call;
  as_x.gamma.dtype = as_x.beta.dtype = call->x.dtype;  // fault: a vector has a type of its own
  return train<TrainSteps>(&as_x);
}

}  // namespace

FaultyKernel train_parameters_read_as_x() {
  return {declare("train_parameters_read_as_x", "parameters read in the type of x", NORMPROOF_BN_TRAIN, &run, f32_only),
          "FC49",
          "the dtype of gamma and beta is taken to be that of x",
          {"types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
