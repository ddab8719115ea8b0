// Which fault? Training keeps the biased variance in running_var, whatever the caller asked for (FC13).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t) {
    return (1 - call.momentum) * before + call.momentum * variance;  // fault: no m/(m − 1) for the unbiased kind
  }
};

}  // namespace

FaultyKernel train_running_var_biased() {
  return {
      declare("train_running_var_biased", "running_var takes the biased variance", NORMPROOF_BN_TRAIN, &train<Steps>),
      "FC13",
      "new_running_var lacks m/(m − 1)",
      {"few_values", "running_statistics", "channel_statistics"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
