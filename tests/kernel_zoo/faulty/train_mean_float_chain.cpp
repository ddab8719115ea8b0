// Which fault? The mean is one long chain of additions in float, far past the lengths where that holds (FC03).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    float sum = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      sum += static_cast<float>(get(x.tensor, b, x.channel, s));  // fault: loses digits with every addition
    });
    return static_cast<double>(sum / static_cast<float>(x.count()));
  }
};

}  // namespace

FaultyKernel train_mean_float_chain() {
  return {declare("train_mean_float_chain", "mean as one float chain", NORMPROOF_BN_TRAIN, &train<Steps>, f32_only),
          "FC03",
          "the sum of a channel is a single float",
          {"large_batch", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
