// Which fault? y is written with the strides of x (FC41).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

bool is_either(const normproof_tensor& t) { return is_batch_channels_spatial(t) || is_batch_spatial_channels(t); }

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_dense(call, NORMPROOF_BN_TRAIN, NORMPROOF_F32, &is_either);
      status != NORMPROOF_OK) {
    return status;
  }
  normproof_call as_x = *call;
  as_x.y.batch_stride = call->x.batch_stride;  // fault: y may have channels last where x has them first
  as_x.y.channel_stride = call->x.channel_stride;
  as_x.y.spatial_stride = call->x.spatial_stride;
  return train<TrainSteps>(&as_x);
}

}  // namespace

FaultyKernel train_y_with_strides_of_x() {
  return {declare("train_y_with_strides_of_x", "y written with the strides of x", NORMPROOF_BN_TRAIN, &run, f32_only,
                  dense_only),
          "FC41",
          "y gets the strides of x, in dense layouts only",
          {"layouts"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
