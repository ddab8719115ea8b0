// Which fault? Samples past 65535, the largest extent of a launch grid, are never visited (FC45).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t largest_grid = 65535;

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  normproof_call grid = *call;
  grid.x.batch = std::min(call->x.batch, largest_grid);  // fault: the rest stays untouched
  grid.y.batch = grid.x.batch;
  return infer<InferSteps>(&grid);
}

}  // namespace

FaultyKernel infer_batch_limit_65535() {
  return {declare("infer_batch_limit_65535", "at most 65535 samples", NORMPROOF_BN_INFER, &run),
          "FC45",
          "the loop over the batch ends at 65535",
          {"limits", "large_batch"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
