// Which fault? running_mean is updated only where running_var is given, too.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static bool updates_running(const normproof_call& call, std::int64_t count) {
    const bool are_both_there = call.running_mean.data != nullptr && call.running_var.data != nullptr;
    return are_both_there && TrainSteps::updates_running(call, count);  // fault: each may be absent by itself
  }
};

}  // namespace

FaultyKernel train_running_mean_needs_running_var() {
  return {declare("train_running_mean_needs_running_var", "running statistics only as a pair", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "optional operands taken for a pair",
          "running_mean alone is not updated",
          {"optional_operands"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
