// Which fault? Training leaves eps out of the root (FC09).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double inv_std(double variance, double) {
    return 1 / std::sqrt(variance);  // fault: no eps
  }
};

}  // namespace

FaultyKernel train_no_eps() {
  return {declare("train_no_eps", "eps left out", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC09",
          "inv_std = 1/√variance",
          {"few_values", "condition_sweep", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
