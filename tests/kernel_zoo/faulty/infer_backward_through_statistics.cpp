// Which fault? The gradient runs through statistics that are constants here.
//
// Seen in: pytorch/pytorch#586, apache/mxnet#9580
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferBackwardSteps {
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    return BackwardSteps::input_gradient(dy, x_hat, gamma, of, sums,
                                         m);  // fault: running statistics do not move with x
  }
};

}  // namespace

FaultyKernel infer_backward_through_statistics() {
  return {
      declare("infer_backward_through_statistics", "training formula", NORMPROOF_BN_INFER_BACKWARD, &backward<Steps>),
      "training formula at inference",
      "dx has the terms of training",
      {"gradients", "tails", "few_values"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
