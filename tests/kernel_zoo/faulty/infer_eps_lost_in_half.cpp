// Which fault? Inference adds eps in half precision, where it vanishes beside the variance (FC09).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const double sum = as_half(get(call.running_var, c) + call.eps);  // fault: eps is below the last bit of half
    return {get(call.running_mean, c), 0, 1 / std::sqrt(sum), true};
  }
};

}  // namespace

FaultyKernel infer_eps_lost_in_half() {
  return {declare("infer_eps_lost_in_half", "variance + eps in half, eps lost", NORMPROOF_BN_INFER, &infer<Steps>),
          "FC09",
          "variance + eps is rounded to half",
          {"hostile_parameters", "channel_statistics", "extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
