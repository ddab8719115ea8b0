// Which fault? The saved statistics are read in the type of x, whatever their own is (FC49).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
  normproof_call as_x = *call;
  as_x.saved_mean.dtype = call->x.dtype;  // fault: a vector has a type of its own
  return backward<BackwardSteps>(&as_x);
}

}  // namespace

FaultyKernel backward_saved_mean_read_as_x() {
  return {declare("backward_saved_mean_read_as_x", "saved statistics read in the type of x",
                  NORMPROOF_BN_TRAIN_BACKWARD, &run, f32_only),
          "FC49",
          "the dtype of saved_mean is taken to be that of x",
          {"types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
