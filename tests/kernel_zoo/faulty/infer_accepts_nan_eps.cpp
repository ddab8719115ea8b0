// Which fault? eps < 0 is refused, NaN is not.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (call->eps < 0) return NORMPROOF_BAD_ARGUMENT;  // fault: no comparison with NaN is true
  normproof_call checked = *call;
  if (std::isnan(call->eps)) checked.eps = 0;
  if (const normproof_status status = InferSteps::check(&checked); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) infer_channel<InferSteps>(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel infer_accepts_nan_eps() {
  return {declare("infer_accepts_nan_eps", "NaN eps accepted", NORMPROOF_BN_INFER, &run),
          "bad argument accepted",
          "a NaN eps passes the check",
          {"errors"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
