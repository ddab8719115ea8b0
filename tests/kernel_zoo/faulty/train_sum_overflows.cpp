// Which fault? A float sum finds the first approximation of the mean and overflows.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    float sum = 0;
    each_place(x.tensor, [&](auto b, auto s) { sum += static_cast<float>(get(x.tensor, b, x.channel, s)); });
    const auto m = static_cast<double>(x.count());
    const double first = static_cast<double>(sum) / m;  // fault: the sum is infinite where every value is finite
    Sum rest;
    each_place(x.tensor, [&](auto b, auto s) { rest.add(get(x.tensor, b, x.channel, s) - first); });
    return first + rest.value() / m;
  }
};

}  // namespace

FaultyKernel train_sum_overflows() {
  return {declare("train_sum_overflows", "float sum overflows", NORMPROOF_BN_TRAIN, &train<Steps>, f32_only),
          "overflow of a sum in working precision",
          "the mean starts from a float sum",
          {"extreme_values"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
