// Which fault? The variance's term of dx is divided by m − 1.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    const double degrees = m > 1 ? m - 1 : 1;
    return gamma * of.inv_std *
           (dy - sums.dbeta / m - x_hat * (sums.dgamma / degrees));  // fault: biased variance normalises
  }
};

}  // namespace

FaultyKernel backward_unbiased_projection() {
  return {declare("backward_unbiased_projection", "m − 1 in dx", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "factor of Bessel in dx",
          "dgamma/(m − 1) in dx",
          {"gradients", "tails", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
