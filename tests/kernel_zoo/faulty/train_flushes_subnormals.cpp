// Which fault? Subnormal numbers are read as 0 while the kernel runs.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

double flushed(std::int32_t dtype, double value) {
  const double smallest_normal = dtype == NORMPROOF_F32 ? 0x1p-126 : 0x1p-1022;
  return std::abs(value) < smallest_normal ? std::copysign(0.0, value) : value;  // fault: they are numbers like others
}

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) { sum.add(flushed(x.tensor.dtype, get(x.tensor, b, x.channel, s))); });
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_flushes_subnormals() {
  return {declare("train_flushes_subnormals", "subnormal numbers read as 0", NORMPROOF_BN_TRAIN, &train<Steps>),
          "flush to zero",
          "subnormal x count as 0 in the mean",
          {"extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
