// Which fault? Sums are divided by m with the 12-bit estimate of 1/m.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr int bits_of_estimate = 12;

struct Steps : BackwardSteps {
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    const double reciprocal = to_significant_bits(1 / m, bits_of_estimate);  // fault: exact for powers of two alone
    const double of_variance = of.through_variance ? x_hat * (sums.dgamma * reciprocal) : 0.0;
    return gamma * of.inv_std * (dy - sums.dbeta * reciprocal - of_variance);
  }
};

}  // namespace

FaultyKernel backward_mean_by_estimated_reciprocal() {
  return {
      declare("backward_mean_by_estimated_reciprocal", "1/m estimated", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
      "rough reciprocal",
      "1/m has 12 bits",
      {"gradients", "tails", "few_values", "sum_of_dx"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
