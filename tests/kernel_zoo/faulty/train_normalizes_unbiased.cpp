// Which fault? The output is normalised with the unbiased variance (FC15).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    const double m = static_cast<double>(x.count());
    return TrainSteps::variance(x, mean) * (m > 1 ? m / (m - 1) : 1);  // fault: the biased variance normalises
  }
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    const double m = static_cast<double>(count);
    return TrainSteps::new_running_var(call, before, count > 1 ? variance * (m - 1) / m : variance, count);
  }
};

}  // namespace

FaultyKernel train_normalizes_unbiased() {
  return {declare("train_normalizes_unbiased", "y from the unbiased variance", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC15",
          "inv_std is taken from variance·m/(m − 1)",
          {"few_values", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
