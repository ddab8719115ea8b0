// Which fault? An infinite output becomes the largest finite number.
#include <limits>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static double output(double x, const Statistics& of, double gamma, double beta) {
    constexpr double largest = std::numeric_limits<float>::max();
    const double y = InferSteps::output(x, of, gamma, beta);
    return std::isinf(y) ? std::copysign(largest, y) : y;  // fault: the caller is not to know
  }
};

}  // namespace

FaultyKernel infer_saturates() {
  return {declare("infer_saturates", "infinity becomes finite", NORMPROOF_BN_INFER, &infer<Steps>),
          "infinity swallowed",
          "±∞ is replaced by ±largest",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
