// Honest inference: y = x·scale + shift, both folded in double.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Statistics of = running_statistics(*call, c);
    const double scale = get(call->gamma, c, 1) * of.inv_std;
    const double shift = get(call->beta, c) - of.mean * scale;
    each_place(call->x, [&](auto b, auto s) { set(call->y, b, c, s, get(call->x, b, c, s) * scale + shift); });
  }
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel infer_folded_double() {
  return declare("infer_folded_double", "folded scale and shift in double", NORMPROOF_BN_INFER, &run);
}

}  // namespace normproof::zoo::honest
