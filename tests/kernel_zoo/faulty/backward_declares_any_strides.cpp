// Which fault? Any strides are promised, and every operand that is not dense is refused.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// N×C×spatial or N×spatial×C; the stride of an extent of one means nothing.
bool is_dense(const normproof_tensor& t) {
  const auto is = [](std::int64_t extent, std::int64_t stride, std::int64_t wanted) {
    return extent <= 1 || stride == wanted;
  };
  if (!is(t.batch, t.batch_stride, t.channels * t.spatial)) return false;
  return (is(t.channels, t.channel_stride, t.spatial) && is(t.spatial, t.spatial_stride, 1)) ||
         (is(t.channels, t.channel_stride, 1) && is(t.spatial, t.spatial_stride, t.channels));
}

normproof_status run(const normproof_call* call) {
  for (const normproof_tensor* tensor : {&call->x, &call->dy, &call->dx})
    if (tensor->data != nullptr && !is_dense(*tensor)) return NORMPROOF_UNSUPPORTED;  // fault: the flag says any
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
