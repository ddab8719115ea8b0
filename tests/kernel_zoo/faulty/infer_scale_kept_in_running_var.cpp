// Which fault? The scale is worked out once and put into running_var.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const Statistics of = running_statistics(call, c);
    set(call.running_var, c, of.inv_std);  // fault: an input is written
    return of;
  }
};

}  // namespace

FaultyKernel infer_scale_kept_in_running_var() {
  return {declare("infer_scale_kept_in_running_var", "running_var overwritten", NORMPROOF_BN_INFER, &infer<Steps>),
          "input overwritten",
          "running_var receives inv_std",
          {"guards", "tails", "few_values", "repeatability"},
          FindingKind::input_changed};
}

}  // namespace normproof::zoo::faulty
