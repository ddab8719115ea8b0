// Which fault? The backward pass adds eps where the forward one clamps by it (clamp_wrong).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormBackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    const double variance = full_norm_variance(of.mean, of.mean_low, get(call.fn_square, c));
    of.inv_std = 1 / std::sqrt(std::max(variance, 0.0) + call.eps);  // fault: nothing is added
    return of;
  }
};

}  // namespace

FaultyKernel fn_backward_eps_added() {
  return {declare("fn_backward_eps_added", "eps added in the backward pass", NORMPROOF_FN_BACKWARD, &backward<Steps>),
          "clamp_wrong",
          "s = √(variance + eps) in the place of √max(variance, eps)",
          {"gradients", "few_values", "condition_sweep", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
