// Which fault? A stride of 0 is taken for one that was not given.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

std::int64_t or_default(std::int64_t stride, std::int64_t dense) {
  return stride != 0 ? stride : dense;  // fault: 0 is a stride
}

normproof_status run(const normproof_call* call) {
  normproof_call filled = *call;
  const normproof_tensor& t = call->x;
  filled.x.spatial_stride = or_default(t.spatial_stride, 1);
  filled.x.channel_stride = or_default(t.channel_stride, t.spatial);
  filled.x.batch_stride = or_default(t.batch_stride, t.channels * t.spatial);
  return infer<InferSteps>(&filled);
}

}  // namespace

FaultyKernel infer_zero_stride_means_default() {
  return {declare("infer_zero_stride_means_default", "stride 0 replaced", NORMPROOF_BN_INFER, &run),
          "broadcast input walked as dense",
          "a stride of 0 becomes that of a dense tensor",
          {"layouts"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
