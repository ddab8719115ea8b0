// Which fault? The sum behind the mean is kept in bfloat16 (FC03).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    double sum = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      sum = as_bfloat16(sum + get(x.tensor, b, x.channel, s));  // fault: the accumulator has 8 bits
    });
    return sum / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_mean_bfloat16_sum() {
  return {declare("train_mean_bfloat16_sum", "mean summed in bfloat16", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC03",
          "the running sum is rounded to bfloat16: it stops growing at 256 of its terms",
          {"exact_statistics", "block_sizes", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
