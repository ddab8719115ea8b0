// Which fault? The backward pass forgets that the variance depends on x (FC23).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static double input_gradient(double dy, double, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    return gamma * of.inv_std * (dy - sums.dbeta / m);  // fault: no − x_hat·dgamma/m
  }
};

}  // namespace

FaultyKernel backward_without_variance_term() {
  return {declare("backward_without_variance_term", "dx without x_hat * mean of dy*x_hat", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "FC23",
          "dx lacks − x_hat·dgamma/m",
          {"gradients", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
