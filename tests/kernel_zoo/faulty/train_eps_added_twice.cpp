// Which fault? eps is added to the variance and once more inside the root.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double inv_std(double variance, double eps) {
    return TrainSteps::inv_std(variance + eps, eps);  // fault: the root adds it already
  }
};

}  // namespace

FaultyKernel train_eps_added_twice() {
  return {declare("train_eps_added_twice", "eps counted twice", NORMPROOF_BN_TRAIN, &train<Steps>),
          "eps applied twice",
          "1/√(variance + 2 eps)",
          {"hostile_parameters", "few_values", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
