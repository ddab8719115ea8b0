// Which fault? eps is added to the standard deviation, not to the variance.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = running_statistics(call, c);
    of.inv_std = 1 / (std::sqrt(get(call.running_var, c)) + call.eps);  // fault: eps stands outside the root
    return of;
  }
};

}  // namespace

FaultyKernel infer_eps_outside_root() {
  return {declare("infer_eps_outside_root", "eps outside the root", NORMPROOF_BN_INFER, &infer<Steps>),
          "eps outside the root",
          "1/(√running_var + eps)",
          {"hostile_parameters", "tails", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
