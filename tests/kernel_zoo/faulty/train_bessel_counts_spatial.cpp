// Which fault? The factor m/(m − 1) takes the places of one sample for m.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    const std::int64_t of_sample = call.x.spatial > 1 ? call.x.spatial : count;  // fault: m counts the batch too
    return TrainSteps::new_running_var(call, before, variance, of_sample);
  }
};

}  // namespace

FaultyKernel train_bessel_counts_spatial() {
  return {declare("train_bessel_counts_spatial", "m counted per sample", NORMPROOF_BN_TRAIN, &train<Steps>),
          "Bessel with the wrong m",
          "m is spatial where it is batch · spatial",
          {"running_statistics", "few_values", "tails"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
