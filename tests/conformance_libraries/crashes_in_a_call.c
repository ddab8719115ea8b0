/* Is a crash in one call a finding of that call, and are the others made? Crashes where a channel has three values. */
#include <stdio.h>

#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  if (call->x.batch * call->x.spatial == 3) {
    volatile float* nothing = NULL;
    fprintf(stderr, "about to read what is not there\n");
    return *nothing > 0 ? NORMPROOF_OK : NORMPROOF_FAILED;
  }
  return infer(call);
}

ONE_KERNEL("batch_norm_infer_crashes", "reads NULL where a channel has three values", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
