// Which fault? An absent running_var is taken for 1.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static normproof_status check(const normproof_call* call) {
    normproof_call filled = *call;
    if (filled.running_var.data == nullptr) filled.running_var = filled.running_mean;  // fault: it is required
    return InferSteps::check(&filled);
  }
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    return {get(call.running_mean, c), 0, 1 / std::sqrt(get(call.running_var, c, 1) + call.eps), true};
  }
};

}  // namespace

FaultyKernel infer_absent_running_var_is_one() {
  return {declare("infer_absent_running_var_is_one", "running_var may be absent", NORMPROOF_BN_INFER, &infer<Steps>),
          "bad argument accepted",
          "running_var may be absent",
          {"errors"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
