// Which fault? The mean goes into running_var and the variance into running_mean (FC19).
#include <utility>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// A call with the two running vectors exchanged, as far as the update goes.
normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  normproof_call exchanged = *call;
  std::swap(exchanged.running_mean, exchanged.running_var);  // fault: each gets what the other should have
  return train<TrainSteps>(&exchanged);
}

}  // namespace

FaultyKernel train_running_swapped() {
  return {declare("train_running_swapped", "running_mean and running_var exchanged", NORMPROOF_BN_TRAIN, &run),
          "FC19",
          "the two running statistics receive each other's value",
          {"running_statistics", "channel_statistics", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
