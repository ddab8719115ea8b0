// Which fault? The number of values is kept in half precision, where 2049 is 2048 (FC07).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) { sum.add(get(x.tensor, b, x.channel, s)); });
    return sum.value() / as_half(static_cast<double>(x.count()));  // fault: inexact past 2048, infinite past 65504
  }
};

}  // namespace

FaultyKernel train_count_half() {
  return {declare("train_count_half", "count kept in half", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC07",
          "the sum is divided by a count in half precision",
          {"block_sizes", "large_batch", "limits"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
