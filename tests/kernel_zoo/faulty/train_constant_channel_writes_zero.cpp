// Which fault? A constant channel gives 0, not beta.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double output(double x, double mean, double inv_std, double gamma, double beta) {
    if (x == mean) return 0;  // fault: beta is forgotten on the short way
    return TrainSteps::output(x, mean, inv_std, gamma, beta);
  }
};

}  // namespace

FaultyKernel train_constant_channel_writes_zero() {
  return {declare("train_constant_channel_writes_zero", "short way for x = mean", NORMPROOF_BN_TRAIN, &train<Steps>),
          "constant channel, short way wrong",
          "y is 0 where x is the mean",
          {"exact_statistics", "few_values", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
