// Which fault? eps = 0 is taken for "not given" and becomes 1e-5.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr double default_eps = 1e-5;
  static double inv_std(double variance, double eps) {
    return 1 / std::sqrt(variance + (eps != 0 ? eps : default_eps));  // fault: zero is a value, too
  }
};

}  // namespace

FaultyKernel train_eps_zero_means_default() {
  return {declare("train_eps_zero_means_default", "zero eps replaced by a default", NORMPROOF_BN_TRAIN, &train<Steps>),
          "zero scalar taken for an absent one",
          "eps = 0 becomes 1e-5",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
