// Which fault? The reciprocal root is the processor's 12-bit estimate, without a step of Newton.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr int estimate_bits = 12;
  static double inv_std(double variance, double eps) {
    int exponent = 0;
    const double significand = std::frexp(1 / std::sqrt(variance + eps), &exponent);
    // fault: what is left of the root are the bits of an estimate
    return std::ldexp(std::floor(std::ldexp(significand, estimate_bits)), exponent - estimate_bits);
  }
};

}  // namespace

FaultyKernel train_rsqrt_estimate() {
  return {declare("train_rsqrt_estimate", "inv_std has 12 bits", NORMPROOF_BN_TRAIN, &train<Steps>),
          "reciprocal root estimate not refined",
          "inv_std is right to 12 bits only",
          {"few_values", "tails", "exact_statistics", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
