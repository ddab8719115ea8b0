// Which fault? Training computes with a negative eps where it has to refuse it (FC09).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static normproof_status check(const normproof_call* call) {
    if (call == nullptr || call->size < sizeof(normproof_call)) return NORMPROOF_BAD_ARGUMENT;
    normproof_call checked = *call;
    checked.eps = std::abs(checked.eps);  // fault: hides the sign from the check
    return check_call(&checked, NORMPROOF_BN_TRAIN);
  }
};

}  // namespace

FaultyKernel train_negative_eps_accepted() {
  return {declare("train_negative_eps_accepted", "negative eps accepted", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC09",
          "the argument check does not look at the sign of eps",
          {"errors", "hostile_parameters"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
