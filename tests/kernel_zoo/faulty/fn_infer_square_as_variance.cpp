// Which fault? fn_square is taken for the variance.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormInferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    of.inv_std = 1 / std::sqrt(std::max(get(call.fn_square, c), call.eps));  // fault: mu² is not subtracted
    return of;
  }
};

}  // namespace

FaultyKernel fn_infer_square_as_variance() {
  return {declare("fn_infer_square_as_variance", "mu² not subtracted", NORMPROOF_FN_INFER, &infer<Steps>),
          "another moment taken for the variance",
          "1/√max(nu, eps)",
          {"tails", "few_values", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
