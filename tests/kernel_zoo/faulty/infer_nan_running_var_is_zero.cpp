// Which fault? A running_var that is not above 0 is taken for 0, NaN among them.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const double given = get(call.running_var, c);
    const double variance = given > 0 ? given : 0;  // fault: y of that channel looks healthy
    return {get(call.running_mean, c), 0, 1 / std::sqrt(variance + call.eps), true};
  }
};

}  // namespace

FaultyKernel infer_nan_running_var_is_zero() {
  return {declare("infer_nan_running_var_is_zero", "NaN in running_var hidden", NORMPROOF_BN_INFER, &infer<Steps>),
          "NaN swallowed",
          "max(running_var, 0) hides NaN",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
