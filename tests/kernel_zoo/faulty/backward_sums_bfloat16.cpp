// Which fault? The sums of the gradients are kept in bfloat16 (FC03).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    GradientSums sums;
    each_place(call.x, [&](auto b, auto s) {
      const double dy = get(call.dy, b, c, s);
      sums.dbeta = as_bfloat16(sums.dbeta + dy);  // fault: the accumulators have 8 bits
      sums.dgamma = as_bfloat16(sums.dgamma + dy * x_hat_of(get(call.x, b, c, s), of));
    });
    return sums;
  }
};

}  // namespace

FaultyKernel backward_sums_bfloat16() {
  return {declare("backward_sums_bfloat16", "dgamma and dbeta summed in bfloat16", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "FC03",
          "both sums are rounded to bfloat16 after every addition",
          {"gradients", "block_sizes", "linear_in_dy"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
