// Which fault? saved_mean_low is not read.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    return {get(call.saved_mean, c), 0, get(call.saved_inv_std, c), true};  // fault: the mean has two parts
  }
};

}  // namespace

FaultyKernel backward_ignores_mean_low() {
  return {declare("backward_ignores_mean_low", "low part of the mean ignored", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "low part of the mean ignored",
          "saved_mean_low is taken for 0",
          {"hostile_parameters", "types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
