// Which fault? One value updates nothing, not even with the biased kind.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static bool updates_running(const normproof_call&, std::int64_t count) {
    return count > 1;
  }  // fault: whatever the kind
};

}  // namespace

FaultyKernel train_single_value_never_updates() {
  return {declare("train_single_value_never_updates", "no update with m = 1", NORMPROOF_BN_TRAIN, &train<Steps>),
          "single value in a channel",
          "the biased kind is not updated with one value",
          {"few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
