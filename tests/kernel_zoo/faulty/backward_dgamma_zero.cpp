// Which fault? dgamma is set to zero and never computed (FC27).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    set(call.dgamma, c, 0);  // fault: never computed
    set(call.dbeta, c, sums.dbeta);
  }
};

}  // namespace

FaultyKernel backward_dgamma_zero() {
  return {declare("backward_dgamma_zero", "dgamma always zero", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "FC27",
          "dgamma is written as 0",
          {"gradients", "linear_in_dy", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
