// Which fault? running_var is taken for a standard deviation.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = running_statistics(call, c);
    of.inv_std = 1 / (get(call.running_var, c) + call.eps);  // fault: the root is missing
    return of;
  }
};

}  // namespace

FaultyKernel infer_variance_as_deviation() {
  return {declare("infer_variance_as_deviation", "no root", NORMPROOF_BN_INFER, &infer<Steps>),
          "variance taken for a deviation",
          "1/(running_var + eps)",
          {"tails", "few_values", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
