// Which fault? saved_inv_std is that of eps = 0, y is not.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static void save(const normproof_call& call, std::int64_t c, double mean, double inv_std) {
    const double variance = 1 / (inv_std * inv_std) - call.eps;
    TrainSteps::save(call, c, mean, 1 / std::sqrt(std::max(variance, 0.0)));  // fault: eps is missing
  }
};

}  // namespace

FaultyKernel train_saved_inv_std_without_eps() {
  return {declare("train_saved_inv_std_without_eps", "saved inv_std lacks eps", NORMPROOF_BN_TRAIN, &train<Steps>),
          "saved statistic of another kind",
          "saved_inv_std is 1/√variance",
          {"channel_statistics", "few_values", "hostile_parameters", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
