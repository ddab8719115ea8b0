// Which fault? The low part of the mean has the wrong sign.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = saved_statistics(call, c);
    of.mean_low = -of.mean_low;  // fault: the mean is the sum of its parts
    return of;
  }
};

}  // namespace

FaultyKernel backward_mean_low_added() {
  return {
      declare("backward_mean_low_added", "low part with the wrong sign", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
      "low part of the mean wrong",
      "x − (saved_mean − saved_mean_low)",
      {"hostile_parameters", "gradients"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
