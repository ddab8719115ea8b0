// Honest training: two passes in double, sums added up one after the other.
//
// For f32 alone: in f64 one long chain of sums is a fault (a constant channel shows it).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    double sum = 0;
    each_place(x.tensor, [&](auto b, auto s) { sum += get(x.tensor, b, x.channel, s); });
    return sum / static_cast<double>(x.count());
  }
  static double variance(const Channel& x, double mean) {
    double sum = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      const double centered = get(x.tensor, b, x.channel, s) - mean;
      sum += centered * centered;
    });
    return sum / static_cast<double>(x.count());
  }
};

}  // namespace

normproof_kernel train_two_pass_double() {
  return declare("train_two_pass_double", "two passes in double", NORMPROOF_BN_TRAIN, &train<Steps>, f32_only);
}

}  // namespace normproof::zoo::honest
