// Which fault? An expanded dy is summed over its distinct elements.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    const normproof_tensor& dy = call.dy;
    GradientSums sums = BackwardSteps::sums(call, c, of);
    const bool is_expanded = dy.batch > 1 && dy.spatial > 1 && dy.batch_stride == 0 && dy.spatial_stride == 0;
    if (is_expanded) sums.dbeta = get(dy, 0, c, 0);  // fault: it counts batch · spatial times
    return sums;
  }
};

}  // namespace

FaultyKernel backward_expanded_dy_counted_once() {
  return {declare("backward_expanded_dy_counted_once", "expanded dy counted once", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "stride of zero, repeats not counted",
          "dbeta takes an expanded dy once",
          {"layouts"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
