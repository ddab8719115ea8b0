// Which fault? With several threads beta is added only where there is a gamma.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  normproof_call shared = *call;
  if (call->threads > 1 && call->gamma.data == nullptr) shared.beta.data = nullptr;  // fault: each may be absent
  return infer<InferSteps>(&shared);
}

}  // namespace

FaultyKernel infer_threads_beta_needs_gamma() {
  return {
      declare("infer_threads_beta_needs_gamma", "beta without gamma forgotten by threads", NORMPROOF_BN_INFER, &run),
      "a path forgets a parameter",
      "the path for several threads has beta only together with gamma",
      {"combinations"}};
}

}  // namespace normproof::zoo::faulty
