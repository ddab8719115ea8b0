// Which fault? dbeta is summed from gamma · dy.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferBackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    set(call.dgamma, c, sums.dgamma);
    set(call.dbeta, c, get(call.gamma, c, 1) * sums.dbeta);  // fault: beta is added after gamma scales
  }
};

}  // namespace

FaultyKernel infer_backward_dbeta_times_gamma() {
  return {declare("infer_backward_dbeta_times_gamma", "dbeta scaled by gamma", NORMPROOF_BN_INFER_BACKWARD,
                  &backward<Steps>),
          "gamma where it does not belong",
          "dbeta = gamma Σ dy",
          {"gradients", "tails", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
