// Which fault? dy is cut at the largest half precision number.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    constexpr double largest_half = 65504;
    // fault: dy is no half
    return BackwardSteps::input_gradient(std::clamp(dy, -largest_half, largest_half), x_hat, gamma, of, sums, m);
  }
};

}  // namespace

FaultyKernel backward_saturates_at_half() {
  return {declare("backward_saturates_at_half", "dy cut at 65504", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "range of a narrower type",
          "dy is cut at ±65504",
          {"gradients", "extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
