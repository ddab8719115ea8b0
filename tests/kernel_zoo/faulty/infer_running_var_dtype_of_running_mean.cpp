// Which fault? running_var is read in the type of running_mean.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  normproof_call as_mean = *call;
  as_mean.running_var.dtype = call->running_mean.dtype;  // fault: running_var has a type of its own
  return infer<InferSteps>(&as_mean);
}

}  // namespace

FaultyKernel infer_running_var_dtype_of_running_mean() {
  return {declare("infer_running_var_dtype_of_running_mean", "type of running_var ignored", NORMPROOF_BN_INFER, &run),
          "state read in another type",
          "running_var is read with the type of running_mean",
          {"types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
