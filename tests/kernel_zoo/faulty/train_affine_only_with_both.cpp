// Which fault? gamma and beta are applied only where both are there (FC47).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  normproof_call affine = *call;
  if (call->gamma.data == nullptr || call->beta.data == nullptr) {
    affine.gamma.data = affine.beta.data = nullptr;  // fault: each may be there by itself
  }
  return train<TrainSteps>(&affine);
}

}  // namespace

FaultyKernel train_affine_only_with_both() {
  return {declare("train_affine_only_with_both", "affine part only with gamma and beta", NORMPROOF_BN_TRAIN, &run),
          "FC47",
          "one of gamma and beta without the other is ignored",
          {"optional_operands"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
