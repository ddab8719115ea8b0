// Which fault? Training converts eps to half precision, where a small one is zero (FC07).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double inv_std(double variance, double eps) {
    return 1 / std::sqrt(variance + as_half(eps));  // fault: 1e-5 is off by 1e-3, and 1e-12 is zero
  }
};

}  // namespace

FaultyKernel train_eps_half() {
  return {declare("train_eps_half", "eps read as half", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC07",
          "eps passes through half precision",
          {"few_values", "condition_sweep", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
