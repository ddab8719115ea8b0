// Which fault? dgamma is Σ dy (x − mean), not normalised.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    const double inv_std = get(call.saved_inv_std, c);
    BackwardSteps::write_parameter_gradients(call, c, {sums.dbeta, sums.dgamma / inv_std});  // fault: dx is right
  }
};

}  // namespace

FaultyKernel backward_dgamma_without_inv_std() {
  return {declare("backward_dgamma_without_inv_std", "dgamma not normalised", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "factor missing in dgamma",
          "dgamma lacks inv_std",
          {"gradients", "tails", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
