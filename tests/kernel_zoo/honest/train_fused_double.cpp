// Honest training: y by one fused multiply-add in double on (x − mean).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

struct Steps : TrainSteps {
  static double output(double x, double mean, double inv_std, double gamma, double beta) {
    return std::fma(x - mean, gamma * inv_std, beta);
  }
};

}  // namespace

normproof_kernel train_fused_double() {
  return declare("train_fused_double", "y = fma(x - mean, gamma*inv_std, beta) in double", NORMPROOF_BN_TRAIN,
                 &train<Steps>);
}

}  // namespace normproof::zoo::honest
