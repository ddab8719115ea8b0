// Which fault? The way for N×C inputs does not update running_mean.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_mean(const normproof_call& call, double before, double mean) {
    if (call.x.spatial == 1) return before;  // fault: forgotten on one of two ways
    return TrainSteps::new_running_mean(call, before, mean);
  }
};

}  // namespace

FaultyKernel train_rank_two_keeps_running_mean() {
  return {declare("train_rank_two_keeps_running_mean", "running_mean not updated for N×C", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "special way for a rank differs",
          "running_mean stays where spatial is 1",
          {"running_statistics", "tails", "few_values", "limits", "block_sizes"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
