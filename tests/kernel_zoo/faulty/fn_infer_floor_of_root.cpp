// Which fault? eps is the floor of the root, not of the variance.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormInferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    const double variance = full_norm_variance(of.mean, of.mean_low, get(call.fn_square, c));
    of.inv_std = 1 / std::max(std::sqrt(std::max(variance, 0.0)), call.eps);  // fault: max(variance, eps) is rooted
    return of;
  }
};

}  // namespace

FaultyKernel fn_infer_floor_of_root() {
  return {declare("fn_infer_floor_of_root", "floor of the root", NORMPROOF_FN_INFER, &infer<Steps>),
          "floor applied after the root",
          "1/max(√variance, eps)",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
