// Which fault? beta is added before gamma scales.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double output(double x, double mean, double inv_std, double gamma, double beta) {
    return gamma * ((x - mean) * inv_std + beta);  // fault: gamma scales beta, too
  }
};

}  // namespace

FaultyKernel train_beta_inside_gamma() {
  return {declare("train_beta_inside_gamma", "beta scaled by gamma", NORMPROOF_BN_TRAIN, &train<Steps>),
          "order of scale and shift",
          "beta is scaled by gamma",
          {"tails", "few_values", "hostile_parameters", "optional_operands"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
