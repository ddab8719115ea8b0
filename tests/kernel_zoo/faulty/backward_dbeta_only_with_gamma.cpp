// Which fault? dbeta is written only where there is a gamma (FC47).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    set(call.dgamma, c, sums.dgamma);
    if (call.gamma.data != nullptr) set(call.dbeta, c, sums.dbeta);  // fault: dbeta does not need gamma
  }
};

}  // namespace

FaultyKernel backward_dbeta_only_with_gamma() {
  return {declare("backward_dbeta_only_with_gamma", "dbeta skipped without gamma", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "FC47",
          "dbeta depends on gamma being there",
          {"optional_operands"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
