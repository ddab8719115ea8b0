// Which fault? A constant channel has inv_std 0, not 1/√eps.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double inv_std(double variance, double eps) {
    return variance == 0 ? 0 : TrainSteps::inv_std(variance, eps);  // fault: y is right, saved_inv_std is not
  }
};

}  // namespace

FaultyKernel train_constant_channel_zero_inv_std() {
  return {declare("train_constant_channel_zero_inv_std", "inv_std 0 for a constant channel", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "constant channel, saved statistic wrong",
          "inv_std is 0 where the variance is",
          {"few_values", "exact_statistics", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
