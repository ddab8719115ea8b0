// Which fault? Inference converts gamma to bfloat16 (FC07).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static double output(double x, const Statistics& of, double gamma, double beta) {
    return as_bfloat16(gamma) * x_hat_of(x, of) + beta;  // fault: gamma has 8 bits
  }
};

}  // namespace

FaultyKernel infer_gamma_bfloat16() {
  return {declare("infer_gamma_bfloat16", "gamma read as bfloat16", NORMPROOF_BN_INFER, &infer<Steps>),
          "FC07",
          "gamma passes through bfloat16",
          {"channel_statistics", "types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
