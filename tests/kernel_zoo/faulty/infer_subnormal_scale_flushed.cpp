// Which fault? A scale below the smallest normal float is flushed to 0.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static double output(double x, const Statistics& of, double gamma, double beta) {
    constexpr double smallest_normal = 0x1p-126;
    const double scale = gamma * of.inv_std;
    const double kept = std::abs(scale) < smallest_normal ? 0 : scale;  // fault: a large x − mean needs it
    return ((x - of.mean) - of.mean_low) * kept + beta;
  }
};

}  // namespace

FaultyKernel infer_subnormal_scale_flushed() {
  return {declare("infer_subnormal_scale_flushed", "small scale lost", NORMPROOF_BN_INFER, &infer<Steps>),
          "scale in a narrow range",
          "gamma · inv_std below 1.2e-38 counts as 0",
          {"extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
