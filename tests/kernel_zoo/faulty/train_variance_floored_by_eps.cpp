// Which fault? eps is a floor of the variance and is not added to it.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double inv_std(double variance, double eps) {
    return 1 / std::sqrt(std::max(variance, eps));  // fault: max in the place of +
  }
};

}  // namespace

FaultyKernel train_variance_floored_by_eps() {
  return {declare("train_variance_floored_by_eps", "eps as a floor", NORMPROOF_BN_TRAIN, &train<Steps>),
          "eps taken as a floor of the variance",
          "1/√max(variance, eps)",
          {"hostile_parameters", "few_values", "tails", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
