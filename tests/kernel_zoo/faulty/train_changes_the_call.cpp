// Which fault? Extents of one are squeezed out of the caller's own description.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = train<TrainSteps>(call);
  auto* const squeezed = const_cast<normproof_call*>(call);
  if (call->x.spatial == 1) squeezed->x.spatial_stride = 1;  // fault: the call is the caller's
  squeezed->threads = 1;
  return status;
}

}  // namespace

FaultyKernel train_changes_the_call() {
  return {declare("train_changes_the_call", "the call is written to", NORMPROOF_BN_TRAIN, &run),
          "description of the call changed",
          "threads and a stride are set in the call",
          {"guards"},
          FindingKind::input_changed};
}

}  // namespace normproof::zoo::faulty
