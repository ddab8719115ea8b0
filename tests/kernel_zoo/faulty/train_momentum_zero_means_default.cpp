// Which fault? momentum = 0 is taken for "not given" and becomes 0.1.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr double default_momentum = 0.1;
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    normproof_call defaulted = call;
    if (call.momentum == 0) defaulted.momentum = default_momentum;  // fault: zero is a value, too
    return TrainSteps::new_running_var(defaulted, before, variance, count);
  }
};

}  // namespace

FaultyKernel train_momentum_zero_means_default() {
  return {declare("train_momentum_zero_means_default", "zero momentum replaced by a default", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "zero scalar taken for an absent one",
          "momentum = 0 becomes 0.1",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
