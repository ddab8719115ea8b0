// Which fault? dx is written with the strides of dy.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  normproof_call as_dy = *call;
  as_dy.dx.batch_stride = call->dy.batch_stride;  // fault: dx has strides of its own
  as_dy.dx.channel_stride = call->dy.channel_stride;
  as_dy.dx.spatial_stride = call->dy.spatial_stride;
  return backward<BackwardSteps>(&as_dy);
}

}  // namespace

FaultyKernel backward_dx_with_strides_of_dy() {
  return {declare("backward_dx_with_strides_of_dy", "strides of dx ignored", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "layout of an output ignored",
          "dx is walked by the strides of dy",
          {"layouts"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
