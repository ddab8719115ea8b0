// Which fault? momentum weighs the old value and the new one.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_mean(const normproof_call& call, double before, double mean) {
    return call.momentum * before + call.momentum * mean;  // fault: right for momentum = 1/2 alone
  }
};

}  // namespace

FaultyKernel train_momentum_on_both() {
  return {declare("train_momentum_on_both", "momentum on both", NORMPROOF_BN_TRAIN, &train<Steps>),
          "momentum on both values",
          "running_mean = momentum · (old + new)",
          {"running_statistics", "hostile_parameters", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
