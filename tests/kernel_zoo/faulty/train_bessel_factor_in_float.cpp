// Which fault? The factor m/(m − 1) of double statistics is a float.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    if (call.running_variance != NORMPROOF_VAR_UNBIASED) {
      return TrainSteps::new_running_var(call, before, variance, count);
    }
    const float factor = static_cast<float>(count) / static_cast<float>(count - 1);  // fault: 4/3 has 24 bits then
    return (1 - call.momentum) * before + call.momentum * (variance * static_cast<double>(factor));
  }
};

}  // namespace

FaultyKernel train_bessel_factor_in_float() {
  return {declare("train_bessel_factor_in_float", "m/(m − 1) in float", NORMPROOF_BN_TRAIN, &train<Steps>),
          "constant in a narrow type",
          "m/(m − 1) is a float",
          {"running_statistics", "few_values", "tails"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
