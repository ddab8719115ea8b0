// Which fault? gamma is read without a look at whether it is there (FC47).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

void one_channel(const normproof_call& call, std::int64_t c) {
  const Statistics of = running_statistics(call, c);
  const double gamma = element(call.gamma.data, call.gamma.dtype, c);  // fault: gamma may be absent
  each_place(call.x, [&](auto b, auto s) {
    set(call.y, b, c, s, InferSteps::output(get(call.x, b, c, s), of, gamma, get(call.beta, c)));
  });
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) one_channel(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel infer_gamma_dereferenced() {
  return {declare("infer_gamma_dereferenced", "absent gamma dereferenced", NORMPROOF_BN_INFER, &run),
          "FC47",
          "gamma is read through a null pointer",
          {"optional_operands"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
