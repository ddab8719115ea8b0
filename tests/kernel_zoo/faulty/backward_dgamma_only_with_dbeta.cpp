// Which fault? dgamma is written only where dbeta is wanted, too.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    if (call.dbeta.data == nullptr) return;  // fault: each may be wanted by itself
    BackwardSteps::write_parameter_gradients(call, c, sums);
  }
};

}  // namespace

FaultyKernel backward_dgamma_only_with_dbeta() {
  return {declare("backward_dgamma_only_with_dbeta", "dgamma alone forgotten", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "optional outputs tied together",
          "dgamma is written only together with dbeta",
          {"optional_operands"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
