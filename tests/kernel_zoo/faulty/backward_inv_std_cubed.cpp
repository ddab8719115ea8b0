// Which fault? The cube of inv_std is taken in float, which has no 1e39.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    const auto inv_std = static_cast<float>(of.inv_std);
    const float cube = inv_std * inv_std * inv_std;  // fault: overflows for deviations below 1e-13
    const double centered = x_hat / of.inv_std, product = sums.dgamma / of.inv_std;
    return gamma * (of.inv_std * (dy - sums.dbeta / m) - centered * static_cast<double>(cube) * product / m);
  }
};

}  // namespace

FaultyKernel backward_inv_std_cubed() {
  return {
      declare("backward_inv_std_cubed", "inv_std³ in float", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>, f32_only),
      "overflow in working precision",
      "inv_std is cubed in float",
      {"extreme_values"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
