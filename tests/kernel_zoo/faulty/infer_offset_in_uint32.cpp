// Which fault? The offset of a sample is a product in 32 bits without sign.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  const auto place = [](const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s) {
    const auto sample = static_cast<std::uint32_t>(b) * static_cast<std::uint32_t>(t.batch_stride);  // fault: wraps
    return static_cast<std::int64_t>(sample) + c * t.channel_stride + s * t.spatial_stride;
  };
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Statistics of = running_statistics(*call, c);
    const double gamma = get(call->gamma, c, 1), beta = get(call->beta, c, 0);
    each_place(call->x, [&](auto b, auto s) {
      const double x = element(call->x.data, call->x.dtype, place(call->x, b, c, s));
      set_element(call->y.data, call->y.dtype, place_of(call->y, b, c, s), InferSteps::output(x, of, gamma, beta));
    });
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel infer_offset_in_uint32() {
  return {declare("infer_offset_in_uint32", "sample offset in 32 bits", NORMPROOF_BN_INFER, &run),
          "index overflow",
          "batch · batch_stride is a uint32_t",
          {"wide_strides"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
