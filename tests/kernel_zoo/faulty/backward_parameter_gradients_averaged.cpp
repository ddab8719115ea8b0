// Which fault? dgamma and dbeta are means over the channel, not sums.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    const double m = std::max<double>(1, static_cast<double>(Channel{call.x, c}.count()));
    set(call.dgamma, c, sums.dgamma / m);  // fault: the loss may be a mean, the gradient is a sum
    set(call.dbeta, c, sums.dbeta / m);
  }
};

}  // namespace

FaultyKernel backward_parameter_gradients_averaged() {
  return {
      declare("backward_parameter_gradients_averaged", "means for sums", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
      "gradients divided by the count",
      "dgamma and dbeta are divided by m",
      {"gradients", "tails", "few_values"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
