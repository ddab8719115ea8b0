// Which fault? One value and the unbiased kind give running_var the factor 1/0.
//
// Seen in: pytorch/pytorch#1381
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static bool updates_running(const normproof_call&, std::int64_t count) { return count > 0; }  // fault: m = 1
};

}  // namespace

FaultyKernel train_single_value_divides_by_zero() {
  return {declare("train_single_value_divides_by_zero", "m/(m − 1) with m = 1", NORMPROOF_BN_TRAIN, &train<Steps>),
          "single value in a channel",
          "running statistics are updated with m = 1",
          {"few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
