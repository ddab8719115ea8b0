// Which fault? saved_inv_std receives the variance.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static void save(const normproof_call& call, std::int64_t c, double mean, double inv_std) {
    const double variance = 1 / (inv_std * inv_std) - call.eps;
    TrainSteps::save(call, c, mean, variance);  // fault: 1/√(variance + eps) is asked for
  }
};

}  // namespace

FaultyKernel train_saved_inv_std_is_variance() {
  return {
      declare("train_saved_inv_std_is_variance", "variance in the place of inv_std", NORMPROOF_BN_TRAIN, &train<Steps>),
      "saved statistic of another kind",
      "saved_inv_std holds the variance",
      {"channel_statistics", "few_values", "tails", "exact_statistics"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
