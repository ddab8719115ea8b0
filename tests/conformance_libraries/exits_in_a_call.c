/* Is a call that ends the process as if all were well a finding? */
#include <stdlib.h>

#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  if (call->x.batch * call->x.spatial == 3) exit(0);
  return infer(call);
}

ONE_KERNEL("batch_norm_infer_exits", "ends the process where a channel has three values", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
