// Honest inference: y = x·scale + shift, both folded to float.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr double smallest_scale = 0x1p-60, largest_scale = 0x1p60, largest_shift = 0x1p60;

void infer_folded(const normproof_call& call, std::int64_t c, float scale, float shift) {
  each_place(call.x, [&](auto b, auto s) {
    const float x = static_cast<float>(get(call.x, b, c, s));
    set(call.y, b, c, s, static_cast<double>(x * scale + shift));
  });
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Statistics of = running_statistics(*call, c);
    const double scale = get(call->gamma, c, 1) * of.inv_std, shift = get(call->beta, c) - of.mean * scale;
    // Where the products might overflow or vanish in float, the plain formula in double takes over.
    const bool folds =
        std::abs(scale) >= smallest_scale && std::abs(scale) <= largest_scale && std::abs(shift) <= largest_shift;
    if (folds) {
      infer_folded(*call, c, static_cast<float>(scale), static_cast<float>(shift));
    } else {
      infer_channel<InferSteps>(*call, c);
    }
  }
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel infer_folded_float() {
  return declare("infer_folded_float", "folded scale and shift in float", NORMPROOF_BN_INFER, &run, f32_only);
}

}  // namespace normproof::zoo::honest
