// Which fault? A variance that is not above 0 becomes 0, and NaN is not above 0.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    const double variance = TrainSteps::variance(x, mean);
    return variance > 0 ? variance : 0;  // fault: NaN is swallowed, and the channel has a healthy inv_std
  }
};

}  // namespace

FaultyKernel train_nan_variance_clamped() {
  return {declare("train_nan_variance_clamped", "NaN lost in a maximum", NORMPROOF_BN_TRAIN, &train<Steps>),
          "NaN swallowed",
          "max(variance, 0) hides NaN",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
