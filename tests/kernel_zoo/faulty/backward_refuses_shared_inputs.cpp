// Which fault? dy and x in one place are answered with BAD_ARGUMENT.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const bool is_shared = call->dy.data == call->x.data && call->x.data != nullptr;
  if (is_shared) return NORMPROOF_BAD_ARGUMENT;  // fault: what is only read may be shared
  return backward<BackwardSteps>(call);
}

}  // namespace

FaultyKernel backward_refuses_shared_inputs() {
  return {declare("backward_refuses_shared_inputs", "shared inputs refused", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "valid call refused as bad",
          "dy may not be x",
          {"gradients", "aliasing"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
