// Which fault? A negative stride is refused, over an extent of one, too.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  for (const normproof_tensor* t : {&call->x, &call->y})  // fault: over one element a stride means nothing
    if (t->batch_stride < 0 || t->channel_stride < 0 || t->spatial_stride < 0) return NORMPROOF_BAD_ARGUMENT;
  return infer<InferSteps>(call);
}

}  // namespace

FaultyKernel infer_refuses_negative_stride_of_one() {
  return {declare("infer_refuses_negative_stride_of_one", "a stride that means nothing is looked at",
                  NORMPROOF_BN_INFER, &run),
          "strides that mean nothing",
          "the sign of every stride is looked at",
          {"extents_of_one"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
