// Which fault? The sum over the batch is divided by the count of one sample times the batch it expects (FC57).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) { sum.add(get(x.tensor, b, x.channel, s)); });
    return sum.value() / static_cast<double>(x.tensor.spatial);  // fault: the count of one part, not of all
  }
};

}  // namespace

FaultyKernel train_count_of_first_sample() {
  return {declare("train_count_of_first_sample", "mean divided by the places of the first sample", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "FC57",
          "the sum of all samples is divided by spatial alone",
          {"exact_statistics", "channel_statistics", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
