// Which fault? y in the place of x is promised, and refused.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (call->y.data == call->x.data && call->x.data != nullptr)
    return NORMPROOF_UNSUPPORTED;  // fault: the flag says that y may be x
  return infer<InferSteps>(call);
}

}  // namespace

FaultyKernel infer_declares_in_place() {
  return {declare("infer_declares_in_place", "in place by name only", NORMPROOF_BN_INFER, &run),
          "declared and never done",
          "y = x is always refused",
          {"promises"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
