// Which fault? An eps below 1e-5 is raised to 1e-5 without a word.
//
// Seen in: tensorflow/tensorflow#37768, pytorch/pytorch#1742
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr double smallest_eps = 1e-5;
  static double inv_std(double variance, double eps) {
    return 1 / std::sqrt(variance + std::max(eps, smallest_eps));  // fault: the caller's eps is not used
  }
};

}  // namespace

FaultyKernel train_eps_raised_to_minimum() {
  return {declare("train_eps_raised_to_minimum", "eps is at least 1e-5", NORMPROOF_BN_TRAIN, &train<Steps>),
          "eps replaced by a smallest eps of the library",
          "max(eps, 1e-5) in the place of eps",
          {"hostile_parameters", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
