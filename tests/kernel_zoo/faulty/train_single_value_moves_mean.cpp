// Which fault? One value and the unbiased kind still move running_mean.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static bool updates_running(const normproof_call&, std::int64_t count) { return count > 0; }
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    if (!TrainSteps::updates_running(call, count)) return before;  // fault: asked here, not for the mean
    return TrainSteps::new_running_var(call, before, variance, count);
  }
};

}  // namespace

FaultyKernel train_single_value_moves_mean() {
  return {declare("train_single_value_moves_mean", "running_mean moves with m = 1", NORMPROOF_BN_TRAIN, &train<Steps>),
          "single value in a channel",
          "only running_var is held back with one value",
          {"few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
