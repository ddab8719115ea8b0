// Which fault? dgamma is added to what stood there.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    set(call.dgamma, c, get(call.dgamma, c) + sums.dgamma);  // fault: outputs are overwritten
    set(call.dbeta, c, sums.dbeta);
  }
};

}  // namespace

FaultyKernel backward_dgamma_accumulated() {
  return {declare("backward_dgamma_accumulated", "dgamma accumulated", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "output accumulated",
          "dgamma += in the place of =",
          {"guards", "gradients", "tails", "few_values"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
