// Which fault? dgamma and dbeta are returned in each other's place (FC27).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    set(call.dgamma, c, sums.dbeta);  // fault: the wrong slot
    set(call.dbeta, c, sums.dgamma);
  }
};

}  // namespace

FaultyKernel backward_dgamma_dbeta_swapped() {
  return {declare("backward_dgamma_dbeta_swapped", "dgamma and dbeta exchanged", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "FC27",
          "the two sums go to the wrong vectors",
          {"gradients", "few_values", "optional_operands"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
