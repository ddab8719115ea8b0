// Which fault? saved_mean_low is not read, in a kernel that takes f32 alone.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static normproof_status check(const normproof_call* call) {
    if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
    for (const normproof_tensor* t : tensors_of(*call)) {
      if (t->data != nullptr && t->dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
    }
    for (const normproof_vector* v : vectors_of(*call)) {
      if (v->data != nullptr && v->dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
    }
    return NORMPROOF_OK;
  }
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    return {get(call.saved_mean, c), 0, get(call.saved_inv_std, c), true};  // fault: the mean has two parts
  }
};

}  // namespace

FaultyKernel backward_ignores_mean_low_f32() {
  return {declare("backward_ignores_mean_low_f32", "low part of the mean ignored", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>, f32_only),
          "low part of the mean ignored",
          "saved_mean_low is taken for 0",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
