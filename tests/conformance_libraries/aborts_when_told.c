/* Does a worker, and nothing else, get the environment of NORMPROOF_WORKER_ENV? The kernel aborts where it finds it. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  if (getenv("NORMPROOF_TEST_ABORTS") != NULL) {
    fprintf(stderr, "told to abort: %s\n", getenv("NORMPROOF_TEST_ABORTS"));
    abort();
  }
  return infer(call);
}

ONE_KERNEL("batch_norm_infer_told", "aborts where the environment says so", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
