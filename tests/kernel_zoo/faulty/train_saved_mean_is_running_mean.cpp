// Which fault? saved_mean receives running_mean after its update.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static void save(const normproof_call& call, std::int64_t c, double mean, double inv_std) {
    TrainSteps::save(call, c, get(call.running_mean, c, mean), inv_std);  // fault: the batch's mean is asked for
  }
};

}  // namespace

FaultyKernel train_saved_mean_is_running_mean() {
  return {declare("train_saved_mean_is_running_mean", "running mean in the place of the batch mean", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "saved statistic of another kind",
          "saved_mean holds running_mean",
          {"channel_statistics", "few_values", "tails", "running_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
