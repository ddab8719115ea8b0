// Which fault? momentum weighs the old value.
//
// Seen in: pytorch/pytorch#15298
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_mean(const normproof_call& call, double before, double mean) {
    return call.momentum * before + (1 - call.momentum) * mean;  // fault: the weights are exchanged
  }
};

}  // namespace

FaultyKernel train_momentum_reversed() {
  return {declare("train_momentum_reversed", "momentum weighs the old mean", NORMPROOF_BN_TRAIN, &train<Steps>),
          "momentum of the other convention",
          "momentum weighs the old running_mean",
          {"running_statistics", "few_values", "tails"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
