// Which fault? Whether a tensor is dense is seen by its inner strides alone.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  normproof_call taken = *call;
  for (normproof_tensor* t : {&taken.x, &taken.y}) {
    const bool rows_are_dense = t->spatial_stride == 1 && (t->channels == 1 || t->channel_stride == t->spatial);
    if (rows_are_dense) t->batch_stride = t->channels * t->spatial;  // fault: samples may be farther apart
  }
  return infer<InferSteps>(&taken);
}

}  // namespace

FaultyKernel infer_batch_stride_of_dense() {
  return {declare("infer_batch_stride_of_dense", "gap between samples ignored", NORMPROOF_BN_INFER, &run),
          "strides ignored",
          "the batch stride is that of a dense tensor",
          {"wide_strides"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
