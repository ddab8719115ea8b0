// Which fault? saved_* are written only where running statistics are tracked.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static void save(const normproof_call& call, std::int64_t c, double mean, double inv_std) {
    if (call.running_mean.data == nullptr) return;  // fault: these have nothing to do with each other
    TrainSteps::save(call, c, mean, inv_std);
  }
};

}  // namespace

FaultyKernel train_saved_needs_running() {
  return {declare("train_saved_needs_running", "saved statistics only with running ones", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "output tied to another operand",
          "saved_* are not written without running_mean",
          {"optional_operands"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
