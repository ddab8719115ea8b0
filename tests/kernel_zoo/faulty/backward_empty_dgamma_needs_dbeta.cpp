// Which fault? Without a value dgamma is set to 0 only where dbeta is wanted, too.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = BackwardSteps::check(call);
  const bool empty = status == NORMPROOF_OK && call->x.batch * call->x.spatial == 0;
  if (empty && call->dbeta.data == nullptr) return NORMPROOF_OK;  // fault: dgamma is 0 all the same
  return status == NORMPROOF_OK ? backward<BackwardSteps>(call) : status;
}

}  // namespace

FaultyKernel backward_empty_dgamma_needs_dbeta() {
  return {declare("backward_empty_dgamma_needs_dbeta", "empty call writes dgamma with dbeta alone",
                  NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "empty call",
          "dgamma is not written where m is 0 and dbeta is absent",
          {"empty"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
