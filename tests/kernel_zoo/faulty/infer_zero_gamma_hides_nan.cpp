// Which fault? With gamma = 0 the output is beta even for a NaN.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static double output(double x, const Statistics& of, double gamma, double beta) {
    if (gamma == 0) return beta;  // fault: 0 · NaN is NaN
    return InferSteps::output(x, of, gamma, beta);
  }
};

}  // namespace

FaultyKernel infer_zero_gamma_hides_nan() {
  return {declare("infer_zero_gamma_hides_nan", "short way for gamma = 0", NORMPROOF_BN_INFER, &infer<Steps>),
          "NaN swallowed",
          "y is beta where gamma is 0",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
