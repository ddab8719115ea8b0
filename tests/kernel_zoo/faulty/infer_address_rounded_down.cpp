// Which fault? The address of a block of four is rounded down to a multiple of 16 bytes (FC53).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t vector = 4;
constexpr std::uintptr_t alignment = 16;

// What hardware does that ignores the low bits of an address.
const float* block_at(const float* x) {
  return reinterpret_cast<const float*>(reinterpret_cast<std::uintptr_t>(x) / alignment * alignment);  // fault
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_dense(call, NORMPROOF_BN_INFER, NORMPROOF_F32, &is_batch_channels_spatial);
      status != NORMPROOF_OK) {
    return status;
  }
  const float* x = static_cast<const float*>(call->x.data);
  float* y = static_cast<float*>(call->y.data);
  const std::int64_t elements = call->x.batch * call->x.channels * call->x.spatial;
  for (std::int64_t k = 0; k < elements; ++k) {
    const bool in_whole_block = k / vector * vector + vector <= elements;
    const float value = in_whole_block ? block_at(x + k / vector * vector)[k % vector] : x[k];
    const std::int64_t c = k / call->x.spatial % call->x.channels;
    const Statistics of = running_statistics(*call, c);
    y[k] = static_cast<float>(
        InferSteps::output(static_cast<double>(value), of, get(call->gamma, c, 1), get(call->beta, c)));
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel infer_address_rounded_down() {
  return {declare("infer_address_rounded_down", "blocks of four from addresses rounded down", NORMPROOF_BN_INFER, &run,
                  f32_only, dense_only),
          "FC53",
          "x is read from the multiple of 16 bytes below",
          {"misalignment"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
