// Which fault? The backward pass forgets that the mean depends on x (FC23).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    const double of_variance = of.through_variance ? x_hat * (sums.dgamma / m) : 0;
    return gamma * of.inv_std * (dy - of_variance);  // fault: no − dbeta/m
  }
};

}  // namespace

FaultyKernel backward_without_mean_term() {
  return {
      declare("backward_without_mean_term", "dx without the mean of dy", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
      "FC23",
      "dx lacks − dbeta/m",
      {"gradients", "few_values", "sum_of_dx"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
