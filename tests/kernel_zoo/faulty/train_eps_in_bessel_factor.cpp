// Which fault? The factor m/(m − 1) is m/(m − 1 + eps).
//
// Seen in: mlpack/mlpack#2474
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    if (call.running_variance == NORMPROOF_VAR_BIASED)
      return TrainSteps::new_running_var(call, before, variance, count);
    const auto m = static_cast<double>(count);
    // fault: eps guards a division that needs no guard
    return (1 - call.momentum) * before + call.momentum * variance * m / (m - 1 + call.eps);
  }
};

}  // namespace

FaultyKernel train_eps_in_bessel_factor() {
  return {declare("train_eps_in_bessel_factor", "eps in the factor of Bessel", NORMPROOF_BN_TRAIN, &train<Steps>),
          "eps leaks into the factor of Bessel",
          "m/(m − 1 + eps)",
          {"few_values", "running_statistics", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
