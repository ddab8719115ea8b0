// Honest training: one pass in double over the differences to the first value.
//
// For f32 alone: what cancels is at most m variances, which double has the digits for and float has not.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

struct Shifted {
  double shift = 0, mean = 0, variance = 0;  // mean and variance of x − shift
};

Shifted shifted_moments(const Channel& x) {
  Shifted of;
  of.shift = x[0];
  double sum = 0, squares = 0;
  each_place(x.tensor, [&](auto b, auto s) {
    const double difference = get(x.tensor, b, x.channel, s) - of.shift;
    sum += difference;
    squares += difference * difference;
  });
  const double m = static_cast<double>(x.count());
  of.mean = sum / m;
  of.variance = squares / m - of.mean * of.mean;
  if (of.variance < 0) of.variance = 0;
  return of;
}

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    const Shifted of = shifted_moments(x);
    return of.shift + of.mean;
  }
  static double variance(const Channel& x, double) { return shifted_moments(x).variance; }
};

}  // namespace

normproof_kernel train_one_pass_shifted_double() {
  return declare("train_one_pass_shifted_double", "one pass in double, shifted by the first value", NORMPROOF_BN_TRAIN,
                 &train<Steps>, f32_only);
}

}  // namespace normproof::zoo::honest
