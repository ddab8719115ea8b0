// Which fault? Sums are divided by the number of values of all channels.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormBackwardSteps {
  static inline thread_local double channels = 1;
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    channels = static_cast<double>(call.x.channels);
    return full_norm_statistics(call, c);
  }
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    return BackwardSteps::input_gradient(dy, x_hat, gamma, of, sums, m * channels);  // fault: b·d in the place of b
  }
};

}  // namespace

FaultyKernel fn_backward_means_over_values_and_channels() {
  return {declare("fn_backward_means_over_values_and_channels", "means over all channels", NORMPROOF_FN_BACKWARD,
                  &backward<Steps>),
          "count of another extent",
          "batch · channels · spatial in the place of batch · spatial",
          {"tails", "gradients", "sum_of_dx"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
