// Which fault? Running statistics move by a tenth, whatever momentum says.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr double usual_momentum = 0.1;
  static double new_running_mean(const normproof_call&, double before, double mean) {
    return (1 - usual_momentum) * before + usual_momentum * mean;  // fault: the caller's momentum is not used
  }
};

}  // namespace

FaultyKernel train_momentum_compiled_in() {
  return {declare("train_momentum_compiled_in", "momentum is 0.1", NORMPROOF_BN_TRAIN, &train<Steps>),
          "scalar argument ignored",
          "momentum is 0.1 whatever the caller says",
          {"running_statistics", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
