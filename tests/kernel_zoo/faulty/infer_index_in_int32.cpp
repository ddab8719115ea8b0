// Which fault? Places are found in 32 bits.
//
// Seen in: pytorch/pytorch#181600, vllm-project/vllm#34842
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  const auto place = [](const normproof_tensor& t, auto b, auto c, auto s) {
    return static_cast<std::int32_t>(place_of(t, b, c, s));  // fault: 2^31 elements are not too many
  };
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Statistics of = running_statistics(*call, c);
    const double gamma = get(call->gamma, c, 1), beta = get(call->beta, c, 0);
    each_place(call->x, [&](auto b, auto s) {
      const double x = element(call->x.data, call->x.dtype, place(call->x, b, c, s));
      set_element(call->y.data, call->y.dtype, place(call->y, b, c, s), InferSteps::output(x, of, gamma, beta));
    });
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel infer_index_in_int32() {
  return {declare("infer_index_in_int32", "places in 32 bits", NORMPROOF_BN_INFER, &run),
          "index overflow",
          "places are int32_t",
          {"wide_strides"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
