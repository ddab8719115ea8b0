// Which fault? Only x is looked at to see whether the operands are dense.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  if (!is_batch_channels_spatial(call->x)) return NORMPROOF_UNSUPPORTED;
  normproof_call dense = *call;
  dense.x.batch_stride = dense.y.batch_stride = call->x.channels * call->x.spatial;  // fault: y may lie otherwise
  dense.x.channel_stride = dense.y.channel_stride = call->x.spatial;
  dense.x.spatial_stride = dense.y.spatial_stride = 1;
  return infer<InferSteps>(&dense);
}

}  // namespace

FaultyKernel infer_dense_check_of_x_alone() {
  return {declare("infer_dense_check_of_x_alone", "strides of y not looked at", NORMPROOF_BN_INFER, &run, f32_and_f64,
                  dense_only),
          "layout of an output ignored",
          "y is taken to be dense where x is",
          {"layouts"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
