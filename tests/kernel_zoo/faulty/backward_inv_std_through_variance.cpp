// Which fault? The variance is found back from saved_inv_std, and cut at 0.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = saved_statistics(call, c);
    const double variance = 1 / (of.inv_std * of.inv_std) - call.eps;
    of.inv_std = 1 / std::sqrt(std::max(variance, 0.0) + call.eps);  // fault: what was given may be above 1/√eps
    return of;
  }
};

}  // namespace

FaultyKernel backward_inv_std_through_variance() {
  return {declare("backward_inv_std_through_variance", "inv_std rebuilt from a variance", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "saved statistics not taken as given",
          "max(1/saved_inv_std² − eps, 0) + eps",
          {"gradients"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
