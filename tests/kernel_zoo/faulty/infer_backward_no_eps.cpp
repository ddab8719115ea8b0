// Which fault? The backward pass of inference leaves eps out of the root (FC09).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferBackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    return {get(call.running_mean, c), 0, 1 / std::sqrt(get(call.running_var, c)), true};  // fault: no eps
  }
};

}  // namespace

FaultyKernel infer_backward_no_eps() {
  return {declare("infer_backward_no_eps", "eps left out of the backward pass", NORMPROOF_BN_INFER_BACKWARD,
                  &backward<Steps>),
          "FC09",
          "inv_std = 1/√running_var",
          {"hostile_parameters", "gradients", "few_values", "extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
