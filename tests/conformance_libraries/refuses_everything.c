/* Is a kernel that does nothing at all found to conform to nothing? */
#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  return makes_no_sense(call) ? NORMPROOF_BAD_ARGUMENT : NORMPROOF_UNSUPPORTED;
}

ONE_KERNEL("batch_norm_infer_never", "refuses every call", NORMPROOF_BN_INFER, 0, run)
