// Which fault? running_var takes the unbiased variance, whatever the caller asked for.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    const auto m = static_cast<double>(count);
    const double unbiased = count > 1 ? variance * m / (m - 1) : variance;
    return (1 - call.momentum) * before + call.momentum * unbiased;  // fault: the biased kind is never taken
  }
};

}  // namespace

FaultyKernel train_running_var_always_unbiased() {
  return {declare("train_running_var_always_unbiased", "biased kind ignored", NORMPROOF_BN_TRAIN, &train<Steps>),
          "variance kind ignored",
          "the biased kind is not honoured",
          {"running_statistics", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
