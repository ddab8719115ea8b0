// Which fault? One value and the unbiased kind give running_var a step towards 0, for m − 1 is raised to 1.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static bool updates_running(const normproof_call&, std::int64_t) { return true; }  // fault: not with one value
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    if (count > 1) return TrainSteps::new_running_var(call, before, variance, count);
    return (1 - call.momentum) * before + call.momentum * variance;
  }
};

}  // namespace

FaultyKernel train_bessel_factor_clamped() {
  return {declare("train_bessel_factor_clamped", "m − 1 raised to 1", NORMPROOF_BN_TRAIN, &train<Steps>),
          "single value moves running statistics",
          "max(m − 1, 1), and the state moves with one value",
          {"few_values", "tails", "extents_of_one"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
