/* Does a kernel that ends every worker come to an end? */
#include <stdlib.h>

#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  (void)call;
  abort();
}

ONE_KERNEL("batch_norm_infer_aborts", "aborts in every call", NORMPROOF_BN_INFER, NORMPROOF_ANY_STRIDES, run)
