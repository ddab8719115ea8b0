// Which fault? The means of eight lanes are averaged as if each lane had as many values (FC51).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    constexpr std::int64_t lanes = 8;
    Sum sums[lanes];
    double counts[lanes] = {};
    for (std::int64_t n = 0; n < x.count(); ++n) {
      sums[n % lanes].add(x[n]);
      counts[n % lanes] += 1;
    }
    double mean = 0;
    for (std::int64_t lane = 0; lane < lanes; ++lane) {
      if (counts[lane] > 0)
        mean += sums[lane].value() / counts[lane] / static_cast<double>(lanes);  // fault: weight 1/8
    }
    return mean;
  }
};

}  // namespace

FaultyKernel train_eight_lanes_of_equal_weight() {
  return {declare("train_eight_lanes_of_equal_weight", "eight lane means averaged with equal weight",
                  NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC51",
          "the lanes are merged with weight 1/8 each",
          {"few_values", "tails"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
