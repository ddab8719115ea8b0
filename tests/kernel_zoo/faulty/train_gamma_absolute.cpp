// Which fault? The sign of gamma is lost.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double output(double x, double mean, double inv_std, double gamma, double beta) {
    return std::abs(gamma) * ((x - mean) * inv_std) + beta;  // fault: gamma may be negative
  }
};

}  // namespace

FaultyKernel train_gamma_absolute() {
  return {declare("train_gamma_absolute", "|gamma| in the place of gamma", NORMPROOF_BN_TRAIN, &train<Steps>),
          "sign of gamma lost",
          "|gamma| scales",
          {"tails", "few_values", "hostile_parameters", "permute_channels"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
