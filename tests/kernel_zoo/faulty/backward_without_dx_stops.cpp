// Which fault? Where dx is not wanted nothing is written.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = BackwardSteps::check(call);
  if (status == NORMPROOF_OK && call->dx.data == nullptr) return NORMPROOF_OK;  // fault: dgamma and dbeta are wanted
  return status == NORMPROOF_OK ? backward<BackwardSteps>(call) : status;
}

}  // namespace

FaultyKernel backward_without_dx_stops() {
  return {declare("backward_without_dx_stops", "nothing without dx", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "output tied to another operand",
          "dgamma and dbeta are not written without dx",
          {"optional_operands"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
