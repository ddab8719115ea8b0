// Which fault? dgamma is found from gamma · dy and a division by gamma.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    const double gamma = get(call.gamma, c, 1);
    const double of_scaled = gamma * sums.dgamma;
    BackwardSteps::write_parameter_gradients(call, c, {sums.dbeta, of_scaled / gamma});  // fault: gamma may be 0
  }
};

}  // namespace

FaultyKernel backward_dgamma_divided_by_gamma() {
  return {declare("backward_dgamma_divided_by_gamma", "dgamma divided by gamma", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "division by gamma",
          "dgamma is divided by gamma",
          {"hostile_parameters"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
