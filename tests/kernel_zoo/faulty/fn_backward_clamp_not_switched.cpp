// Which fault? dx has the term of the variance where the clamp is active (clamp_wrong).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormBackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    of.through_variance = true;  // fault: false where eps is the larger one
    return of;
  }
};

}  // namespace

FaultyKernel fn_backward_clamp_not_switched() {
  return {declare("fn_backward_clamp_not_switched", "variance term kept where the clamp is active",
                  NORMPROOF_FN_BACKWARD, &backward<Steps>),
          "clamp_wrong",
          "c is taken as 1 everywhere",
          {"few_values", "gradients", "hostile_parameters", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
