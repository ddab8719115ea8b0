// Which fault? A channel of one value is said to have no gradient but dbeta.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    GradientSums sums = BackwardSteps::sums(call, c, of);
    if (call.x.batch * call.x.spatial == 1) sums.dgamma = 0;  // fault: so only where x is the saved mean
    return sums;
  }
};

}  // namespace

FaultyKernel backward_single_value_skipped() {
  return {declare("backward_single_value_skipped", "one value has no dgamma", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "saved statistics not taken as given",
          "dgamma is 0 where there is one value",
          {"gradients"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
