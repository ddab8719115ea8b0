// Which fault? The backward pass leaves gamma out of dx (FC21).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static double input_gradient(double dy, double x_hat, double, const Statistics& of, const GradientSums& sums,
                               double m) {
    return BackwardSteps::input_gradient(dy, x_hat, 1, of, sums, m);  // fault: 1 in the place of gamma
  }
};

}  // namespace

FaultyKernel backward_dx_without_gamma() {
  return {declare("backward_dx_without_gamma", "gamma left out of dx", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "FC21",
          "dx has no factor gamma",
          {"gradients", "channel_statistics", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
