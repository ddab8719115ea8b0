// Honest training: Welford's updates in double, one pass.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

struct Moments {
  double mean = 0, squares = 0;  // Σ (x − mean)²
};

Moments moments_of(const Channel& x) {
  Moments of;
  double count = 0;
  each_place(x.tensor, [&](auto b, auto s) {
    const double value = get(x.tensor, b, x.channel, s);
    const double before = value - of.mean;
    of.mean += before / ++count;
    of.squares += before * (value - of.mean);
  });
  return of;
}

struct Steps : TrainSteps {
  static double mean(const Channel& x) { return moments_of(x).mean; }
  static double variance(const Channel& x, double) { return moments_of(x).squares / static_cast<double>(x.count()); }
};

}  // namespace

normproof_kernel train_welford_double() {
  return declare("train_welford_double", "Welford's updates in double", NORMPROOF_BN_TRAIN, &train<Steps>);
}

}  // namespace normproof::zoo::honest
