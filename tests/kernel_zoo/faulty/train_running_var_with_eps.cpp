// Which fault? running_var takes the variance with eps already added (FC11).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    return TrainSteps::new_running_var(call, before, variance + call.eps, count);  // fault: eps does not belong here
  }
};

}  // namespace

FaultyKernel train_running_var_with_eps() {
  return {declare("train_running_var_with_eps", "eps leaks into running_var", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC11",
          "new_running_var takes variance + eps",
          {"running_statistics", "few_values", "channel_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
