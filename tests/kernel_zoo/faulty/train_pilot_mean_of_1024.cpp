// Which fault? Deviations are about the mean of the first 1024 values, and nothing corrects for it.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t pilot = 1024;

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    if (x.count() <= pilot) return TrainSteps::variance(x, mean);
    Sum sum;
    for (std::int64_t n = 0; n < pilot; ++n) sum.add(x[n]);
    // fault: (pilot mean − mean)² has to be subtracted afterwards
    return TrainSteps::variance(x, sum.value() / static_cast<double>(pilot));
  }
};

}  // namespace

FaultyKernel train_pilot_mean_of_1024() {
  return {declare("train_pilot_mean_of_1024", "pilot mean not corrected", NORMPROOF_BN_TRAIN, &train<Steps>),
          "variance about another value than the mean",
          "deviations are about the mean of the first block",
          {"block_sizes", "limits", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
