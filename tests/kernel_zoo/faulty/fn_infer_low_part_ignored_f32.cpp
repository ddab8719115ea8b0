// Which fault? fn_mean_low is not read, in a kernel that takes f32 x and f64 state alone.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormInferSteps {
  static normproof_status check(const normproof_call* call) {
    if (const normproof_status status = FullNormInferSteps::check(call); status != NORMPROOF_OK) return status;
    for (const normproof_tensor* t : tensors_of(*call)) {
      if (t->data != nullptr && t->dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
    }
    for (const normproof_vector* v : {&call->fn_mean, &call->fn_mean_low, &call->fn_square}) {
      if (v->data != nullptr && v->dtype != NORMPROOF_F64) return NORMPROOF_UNSUPPORTED;
    }
    return NORMPROOF_OK;
  }
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    normproof_call high_only = call;
    high_only.fn_mean_low.data = nullptr;  // fault: mu has two parts
    return full_norm_statistics(high_only, c);
  }
};

}  // namespace

FaultyKernel fn_infer_low_part_ignored_f32() {
  return {declare("fn_infer_low_part_ignored_f32", "low part of the mean ignored", NORMPROOF_FN_INFER, &infer<Steps>,
                  f32_only),
          "low part of the mean ignored",
          "fn_mean_low is taken for 0",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
