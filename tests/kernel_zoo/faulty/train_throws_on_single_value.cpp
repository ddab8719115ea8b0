// Which fault? A channel of one value throws an exception through the interface.
#include <stdexcept>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    if (x.count() == 1) throw std::domain_error("one value");  // fault: the caller is C
    return TrainSteps::variance(x, mean);
  }
};

}  // namespace

FaultyKernel train_throws_on_single_value() {
  return {
      declare("train_throws_on_single_value", "an exception crosses the interface", NORMPROOF_BN_TRAIN, &train<Steps>),
      "exception across the C interface",
      "throws where m = 1",
      {"few_values"},
      FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
