// Which fault? beta is read in the type of gamma.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  normproof_call as_gamma = *call;
  if (call->gamma.data != nullptr) as_gamma.beta.dtype = call->gamma.dtype;  // fault: beta has a type of its own
  return train<TrainSteps>(&as_gamma);
}

}  // namespace

FaultyKernel train_beta_dtype_of_gamma() {
  return {declare("train_beta_dtype_of_gamma", "type of beta ignored", NORMPROOF_BN_TRAIN, &run),
          "parameter read in another type",
          "beta is read with the type of gamma",
          {"types"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
