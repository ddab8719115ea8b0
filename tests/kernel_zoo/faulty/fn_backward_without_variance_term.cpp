// Which fault? The backward pass of full normalization forgets that the variance depends on x (FC23).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormBackwardSteps {
  static double input_gradient(double dy, double, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    return gamma * of.inv_std * (dy - sums.dbeta / m);  // fault: no − x_hat·dgamma/m
  }
};

}  // namespace

FaultyKernel fn_backward_without_variance_term() {
  return {declare("fn_backward_without_variance_term", "dx without x_hat * mean of dy*x_hat", NORMPROOF_FN_BACKWARD,
                  &backward<Steps>),
          "FC23",
          "dx lacks − x_hat·dgamma/m",
          {"gradients", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
