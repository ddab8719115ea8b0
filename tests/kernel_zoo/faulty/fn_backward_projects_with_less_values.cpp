// Which fault? The means of the gradients are over m − 1 values.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormBackwardSteps {
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    // fault: running statistics may be unbiased, the means of the gradients are not
    return FullNormBackwardSteps::input_gradient(dy, x_hat, gamma, of, sums, std::max(m - 1, 1.0));
  }
};

}  // namespace

FaultyKernel fn_backward_projects_with_less_values() {
  return {declare("fn_backward_projects_with_less_values", "gradients divided by m − 1", NORMPROOF_FN_BACKWARD,
                  &backward<Steps>),
          "Bessel in the gradients",
          "sums are divided by m − 1",
          {"gradients", "tails", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
