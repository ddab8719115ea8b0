// Which fault? eps is added to the variance, which full normalization only clamps by it (clamp_wrong).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormInferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    const double variance = full_norm_variance(of.mean, of.mean_low, get(call.fn_square, c));
    of.inv_std = 1 / std::sqrt(std::max(variance, 0.0) + call.eps);  // fault: max(variance, eps), nothing added
    return of;
  }
};

}  // namespace

FaultyKernel fn_infer_eps_added() {
  return {declare("fn_infer_eps_added", "eps added, not a lower clamp", NORMPROOF_FN_INFER, &infer<Steps>),
          "clamp_wrong",
          "√(max(variance, 0) + eps) in the place of √max(variance, eps)",
          {"channel_statistics", "exact_statistics", "few_values", "running_statistics", "condition_sweep",
           "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
