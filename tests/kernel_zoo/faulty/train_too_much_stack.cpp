// Which fault? Partial sums of all channels lie on the stack.
#include <alloca.h>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::size_t partial_rows = 32;

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  const std::size_t bytes = static_cast<std::size_t>(call->x.channels) * partial_rows * sizeof(double);
  auto* const partial = static_cast<volatile char*>(alloca(bytes + 1));  // fault: 16 MiB for 65536 channels
  for (std::size_t k = 0; k <= bytes; k += sizeof(double)) partial[k] = 0;
  return train<TrainSteps>(call);
}

}  // namespace

FaultyKernel train_too_much_stack() {
  return {declare("train_too_much_stack", "scratch on the stack", NORMPROOF_BN_TRAIN, &run),
          "stack overflow for many channels",
          "scratch for all channels on the stack",
          {"limits"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
