// Which fault? Flush-to-zero is switched on and stays on.
#include <xmmintrin.h>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const normproof_status status = train<TrainSteps>(call);
  _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);  // fault: the caller's arithmetic changes
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
