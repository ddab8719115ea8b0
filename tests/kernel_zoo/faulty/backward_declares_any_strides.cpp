// Which fault? Any strides are promised, and every operand that is not dense is refused.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  for (const normproof_tensor* tensor : {&call->x, &call->dy, &call->dx})
    if (tensor->data != nullptr && !is_batch_channels_spatial(*tensor) && !is_batch_spatial_channels(*tensor))
      return NORMPROOF_UNSUPPORTED;  // fault: the flag says any
  return backward<BackwardSteps>(call);
}

}  // namespace

FaultyKernel backward_declares_any_strides() {
  return {declare("backward_declares_any_strides", "any strides by name only", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "declared and never done",
          "strided operands are always refused",
          {"promises"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
