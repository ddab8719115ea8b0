// Which fault? The branch for double can never be entered (FC49).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.dtype == NORMPROOF_F32) return infer<InferSteps>(call);
  if (call->x.dtype == NORMPROOF_F64 && call->x.dtype == NORMPROOF_F32) {  // fault: never both
    return infer<InferSteps>(call);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel infer_double_branch_dead() {
  return {declare("infer_double_branch_dead", "no branch for f64", NORMPROOF_BN_INFER, &run),
          "FC49",
          "the call on f64 ends without doing anything",
          {"types", "tails", "block_sizes"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
