// Which fault? running_var is recovered from the inverse deviation, eps and all (FC11).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    const float inv_std = static_cast<float>(TrainSteps::inv_std(variance, call.eps));
    const float recovered = 1 / (inv_std * inv_std) - static_cast<float>(call.eps);  // fault: cancels, may be negative
    return TrainSteps::new_running_var(call, before, static_cast<double>(recovered), count);
  }
};

}  // namespace

FaultyKernel train_running_var_from_inv_std() {
  return {declare("train_running_var_from_inv_std", "running_var from 1/inv_std^2", NORMPROOF_BN_TRAIN, &train<Steps>,
                  f32_only),
          "FC11",
          "the variance is recovered in float as 1/inv_std² − eps",
          {"running_statistics", "few_values", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
