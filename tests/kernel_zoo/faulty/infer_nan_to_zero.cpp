// Which fault? NaN in the output becomes 0.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static double output(double x, const Statistics& of, double gamma, double beta) {
    const double y = InferSteps::output(x, of, gamma, beta);
    return std::isnan(y) ? 0 : y;  // fault: the caller is not to know
  }
};

}  // namespace

FaultyKernel infer_nan_to_zero() {
  return {declare("infer_nan_to_zero", "NaN becomes 0", NORMPROOF_BN_INFER, &infer<Steps>),
          "NaN swallowed",
          "NaN is replaced by 0",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
