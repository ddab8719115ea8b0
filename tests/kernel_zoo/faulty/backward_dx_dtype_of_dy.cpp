// Which fault? dx is written in the type of dy, whatever its own is.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  normproof_call as_dy = *call;
  as_dy.dx.dtype = call->dy.dtype;  // fault: dx has a type of its own
  return backward<BackwardSteps>(&as_dy);
}

}  // namespace

FaultyKernel backward_dx_dtype_of_dy() {
  return {declare("backward_dx_dtype_of_dy", "type of dx ignored", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "type of an output ignored",
          "dx is written with the type of dy",
          {"types"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
