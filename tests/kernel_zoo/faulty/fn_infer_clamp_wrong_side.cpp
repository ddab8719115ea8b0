// Which fault? The variance is clamped from above by eps, not from below (clamp_wrong).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormInferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    const double variance = full_norm_variance(of.mean, of.mean_low, get(call.fn_square, c));
    of.inv_std = 1 / std::sqrt(std::min(variance, call.eps));  // fault: max
    return of;
  }
};

}  // namespace

FaultyKernel fn_infer_clamp_wrong_side() {
  return {declare("fn_infer_clamp_wrong_side", "variance clamped from above", NORMPROOF_FN_INFER, &infer<Steps>),
          "clamp_wrong",
          "min(variance, eps) in the place of max",
          {"channel_statistics", "exact_statistics", "few_values", "running_statistics", "extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
