// Which fault? A call is refused where x begins at no multiple of 16 bytes.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  constexpr std::uintptr_t wanted = 16;
  // fault: nobody promises more than the alignment of an element
  if (reinterpret_cast<std::uintptr_t>(call->x.data) % wanted != 0) return NORMPROOF_UNSUPPORTED;
  return train<TrainSteps>(call);
}

}  // namespace

FaultyKernel train_refuses_misaligned() {
  return {declare("train_refuses_misaligned", "a refusal that looks at an address", NORMPROOF_BN_TRAIN, &run),
          "FC53",
          "what is not aligned to 16 bytes is refused",
          {"misalignment"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
