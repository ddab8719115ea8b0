// Which fault? dx reads dgamma back from where it was stored, in a narrower type.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    GradientSums sums = BackwardSteps::sums(call, c, of);
    if (call.dgamma.data != nullptr) sums.dgamma = rounded(call.dgamma.dtype, sums.dgamma);  // fault: no scratch
    return sums;
  }
};

}  // namespace

FaultyKernel backward_dx_from_rounded_dgamma() {
  return {declare("backward_dx_from_rounded_dgamma", "dgamma serves as scratch", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>, f64_only),
          "output buffer used as scratch",
          "dx uses dgamma as rounded to its type",
          {"types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
