// Which fault? The variance's term of dx has the wrong sign.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    return gamma * of.inv_std * (dy - sums.dbeta / m + x_hat * (sums.dgamma / m));  // fault: + in the place of −
  }
};

}  // namespace

FaultyKernel backward_projection_sign() {
  return {declare("backward_projection_sign", "sign of a term of dx", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "sign of a projection term",
          "+ x_hat dgamma/m",
          {"gradients", "tails", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
