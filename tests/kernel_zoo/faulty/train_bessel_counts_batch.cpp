// Which fault? The factor m/(m − 1) takes the batch for m, not batch · spatial (FC15).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t) {
    return TrainSteps::new_running_var(call, before, variance, call.x.batch);  // fault: m is batch · spatial
  }
};

}  // namespace

FaultyKernel train_bessel_counts_batch() {
  return {declare("train_bessel_counts_batch", "Bessel factor from the batch alone", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC15",
          "new_running_var takes batch for m",
          {"running_statistics", "few_values", "block_sizes"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
