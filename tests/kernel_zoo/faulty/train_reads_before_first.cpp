// Which fault? A pipelined loop loads one value ahead of the first.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    const auto* const data = static_cast<const volatile char*>(x.tensor.data);
    [[maybe_unused]] const char ahead = data[-1];  // fault: nothing is promised to be there
    return TrainSteps::mean(x);
  }
};

}  // namespace

FaultyKernel train_reads_before_first() {
  return {declare("train_reads_before_first", "reads in front of x", NORMPROOF_BN_TRAIN, &train<Steps>),
          "read in front of an operand",
          "x is read in front of its first element",
          {"guards"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
