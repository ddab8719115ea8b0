// Which fault? momentum is rounded to float.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_mean(const normproof_call& call, double before, double mean) {
    const auto momentum = static_cast<double>(static_cast<float>(call.momentum));  // fault: 0.1 has half its digits
    return (1 - momentum) * before + momentum * mean;
  }
};

}  // namespace

FaultyKernel train_momentum_in_float() {
  return {declare("train_momentum_in_float", "momentum in float", NORMPROOF_BN_TRAIN, &train<Steps>, f64_only),
          "scalar argument narrowed",
          "momentum is rounded to float",
          {"running_statistics", "types", "few_values", "tails"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
