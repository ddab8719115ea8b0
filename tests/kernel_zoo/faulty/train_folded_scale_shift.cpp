// Which fault? The output is x·scale + shift in float, which leaves a residue where x is the mean (FC05).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double output(double x, double mean, double inv_std, double gamma, double beta) {
    const float scale = static_cast<float>(gamma * inv_std);
    const float shift = static_cast<float>(beta - mean * static_cast<double>(scale));
    return static_cast<double>(
        std::fma(static_cast<float>(x), scale, shift));  // fault: shift is rounded, x·scale is not
  }
};

}  // namespace

FaultyKernel train_folded_scale_shift() {
  return {declare("train_folded_scale_shift", "y = x*scale + (beta - mean*scale) in float", NORMPROOF_BN_TRAIN,
                  &train<Steps>, f32_only),
          "FC05",
          "y = fma(x, scale, shift) in float in the place of (x − mean)·scale + beta",
          {"condition_sweep", "few_values", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
