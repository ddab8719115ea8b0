/* Is a call that never returns a finding? */
#include <unistd.h>

#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  while (call->x.batch * call->x.spatial == 3) pause();
  return infer(call);
}

ONE_KERNEL("batch_norm_infer_hangs", "never returns where a channel has three values", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
