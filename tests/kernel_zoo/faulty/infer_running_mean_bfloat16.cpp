// Which fault? Inference converts running_mean to bfloat16 (FC07).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const double running_mean = as_bfloat16(get(call.running_mean, c));  // fault: 8 bits are left
    return {running_mean, 0, 1 / std::sqrt(get(call.running_var, c) + call.eps), true};
  }
};

}  // namespace

FaultyKernel infer_running_mean_bfloat16() {
  return {declare("infer_running_mean_bfloat16", "running_mean read as bfloat16", NORMPROOF_BN_INFER, &infer<Steps>),
          "FC07",
          "running_mean passes through bfloat16",
          {"channel_statistics", "condition_sweep", "extreme_values", "types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
