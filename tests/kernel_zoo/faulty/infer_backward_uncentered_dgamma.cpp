// Which fault? dgamma takes x · inv_std for x_hat.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferBackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    Statistics uncentered = of;
    uncentered.mean = 0;  // fault: the mean is not subtracted
    return InferBackwardSteps::sums(call, c, uncentered);
  }
};

}  // namespace

FaultyKernel infer_backward_uncentered_dgamma() {
  return {declare("infer_backward_uncentered_dgamma", "dgamma without the mean", NORMPROOF_BN_INFER_BACKWARD,
                  &backward<Steps>),
          "dgamma from values that are not centred",
          "dgamma = Σ dy x inv_std",
          {"gradients", "tails", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
