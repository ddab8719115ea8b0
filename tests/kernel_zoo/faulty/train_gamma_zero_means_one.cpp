// Which fault? gamma = 0 is taken for "no gamma".
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double output(double x, double mean, double inv_std, double gamma, double beta) {
    return (gamma != 0 ? gamma : 1) * ((x - mean) * inv_std) + beta;  // fault: zero is a value, too
  }
};

}  // namespace

FaultyKernel train_gamma_zero_means_one() {
  return {declare("train_gamma_zero_means_one", "gamma 0 becomes 1", NORMPROOF_BN_TRAIN, &train<Steps>),
          "zero scalar taken for an absent one",
          "gamma = 0 becomes 1",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
