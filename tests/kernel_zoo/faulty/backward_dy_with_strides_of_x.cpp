// Which fault? dy is read with the strides of x (FC41).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  normproof_call as_x = *call;
  as_x.dy.batch_stride = call->x.batch_stride;  // fault: dy has strides of its own
  as_x.dy.channel_stride = call->x.channel_stride;
  as_x.dy.spatial_stride = call->x.spatial_stride;
  return backward<BackwardSteps>(&as_x);
}

}  // namespace

FaultyKernel backward_dy_with_strides_of_x() {
  return {declare("backward_dy_with_strides_of_x", "dy read with the strides of x", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "FC41",
          "dy gets the strides of x",
          {"layouts", "wide_strides"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
