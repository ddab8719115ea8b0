// Which fault? Inference writes the first 1024 places of a sample only (FC37).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t places_per_block = 1024;

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  normproof_call block = *call;
  block.x.spatial = std::min(call->x.spatial, places_per_block);  // fault: no loop over blocks
  block.y.spatial = block.x.spatial;
  return infer<InferSteps>(&block);
}

}  // namespace

FaultyKernel infer_first_1024_places() {
  return {declare("infer_first_1024_places", "one block of 1024 places", NORMPROOF_BN_INFER, &run),
          "FC37",
          "the loop over spatial ends at 1024",
          {"block_sizes", "limits"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
