// Which fault? A negative gamma is taken for 0.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static double output(double x, const Statistics& of, double gamma, double beta) {
    return std::max(gamma, 0.0) * x_hat_of(x, of) + beta;  // fault: gamma may be negative
  }
};

}  // namespace

FaultyKernel infer_gamma_clamped() {
  return {declare("infer_gamma_clamped", "gamma at least 0", NORMPROOF_BN_INFER, &infer<Steps>),
          "sign of gamma lost",
          "max(gamma, 0) scales",
          {"tails", "few_values", "hostile_parameters", "permute_channels"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
