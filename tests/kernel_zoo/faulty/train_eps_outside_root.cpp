// Which fault? Training adds eps to the deviation, not to the variance (FC09).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double inv_std(double variance, double eps) {
    return 1 / (std::sqrt(variance) + eps);  // fault: eps belongs under the root
  }
};

}  // namespace

FaultyKernel train_eps_outside_root() {
  return {declare("train_eps_outside_root", "eps added outside the root", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC09",
          "inv_std = 1/(√variance + eps)",
          {"few_values", "condition_sweep", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
