// Which fault? Where running_var is given running_mean is written without a look.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_mean(const normproof_call& call, double before, double mean) {
    const double now = TrainSteps::new_running_mean(call, before, mean);
    const bool is_tracked = call.running_var.data != nullptr;
    if (is_tracked) set_element(call.running_mean.data, call.running_mean.dtype, 0, before);  // fault: may be absent
    return now;
  }
};

}  // namespace

FaultyKernel train_running_var_alone_crashes() {
  return {
      declare("train_running_var_alone_crashes", "absent running_mean is written", NORMPROOF_BN_TRAIN, &train<Steps>),
      "optional operand not looked at",
      "running_mean is written whenever running_var is there",
      {"optional_operands"},
      FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
