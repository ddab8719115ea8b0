// Which fault? An absent gamma is read as 0.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = backward<FullNormBackwardSteps>(call);
  if (status != NORMPROOF_OK || call->gamma.data != nullptr || call->dx.data == nullptr) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    each_place(call->x, [&](auto b, auto s) { set(call->dx, b, c, s, 0); });  // fault: it is 1 then
  }
  return status;
}

}  // namespace

FaultyKernel fn_backward_absent_gamma_is_zero() {
  return {declare("fn_backward_absent_gamma_is_zero", "absent gamma is 0", NORMPROOF_FN_BACKWARD, &run),
          "absent parameter has the wrong value",
          "gamma is 0 where it is absent",
          {"optional_operands"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
