// Which fault? dgamma is summed from gamma · dy.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    const double gamma = get(call.gamma, c, 1);
    BackwardSteps::write_parameter_gradients(call, c, {sums.dbeta, gamma * sums.dgamma});  // fault: dy as it comes in
  }
};

}  // namespace

FaultyKernel backward_dgamma_of_scaled_dy() {
  return {
      declare("backward_dgamma_of_scaled_dy", "dgamma scaled by gamma", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
      "gamma enters dgamma",
      "dgamma has the factor gamma",
      {"gradients", "tails", "few_values"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
