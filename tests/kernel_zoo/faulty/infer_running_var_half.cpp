// Which fault? Inference converts running_var to half precision (FC07).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const double running_var = as_half(get(call.running_var, c));  // fault: 11 bits, infinite past 65504
    return {get(call.running_mean, c), 0, 1 / std::sqrt(running_var + call.eps), true};
  }
};

}  // namespace

FaultyKernel infer_running_var_half() {
  return {declare("infer_running_var_half", "running_var read as half", NORMPROOF_BN_INFER, &infer<Steps>),
          "FC07",
          "running_var passes through half precision",
          {"extreme_values", "channel_statistics", "types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
