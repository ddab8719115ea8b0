// Which fault? eps is added to what saved_inv_std says, which has it already.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = saved_statistics(call, c);
    of.inv_std = 1 / std::sqrt(1 / (of.inv_std * of.inv_std) + call.eps);  // fault: a second time
    return of;
  }
};

}  // namespace

FaultyKernel backward_applies_eps_again() {
  return {declare("backward_applies_eps_again", "eps applied twice", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "eps applied twice",
          "1/√(1/saved_inv_std² + eps)",
          {"hostile_parameters", "gradients", "tails", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
