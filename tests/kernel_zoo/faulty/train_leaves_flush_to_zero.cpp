// Which fault? Flush-to-zero is switched on and stays on.
#include <cfenv>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

void switch_arithmetic() {
#if defined(__x86_64__)
  constexpr unsigned flush_to_zero = 1U << 15;
  _mm_setcsr(_mm_getcsr() | flush_to_zero);  // fault: the caller's arithmetic changes
#else
  std::fesetround(FE_TOWARDZERO);  // what every processor has in its place
#endif
}

normproof_status run(const normproof_call* call) {
  const normproof_status status = train<TrainSteps>(call);
  switch_arithmetic();
  return status;
}

}  // namespace

FaultyKernel train_leaves_flush_to_zero() {
  return {declare("train_leaves_flush_to_zero", "flush-to-zero left on", NORMPROOF_BN_TRAIN, &run),
          "processor state left changed",
          "flush-to-zero is left on",
          {"guards", "tails", "few_values", "repeatability"},
          FindingKind::environment};
}

}  // namespace normproof::zoo::faulty
