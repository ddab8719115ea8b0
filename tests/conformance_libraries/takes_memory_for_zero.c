/* Is it seen that a kernel takes for 0 what malloc() gives? So much comes in fresh pages, which are 0 by themselves. */
#include <stdlib.h>

#include "tests/conformance_libraries/plain_kernels.h"

static void* (*volatile allocate)(size_t) = malloc; /* volatile: the compiler must not know what comes from there */

static normproof_status run(const normproof_call* call) {
  normproof_call moved = *call;
  normproof_status status;
  volatile double* const sum = allocate((size_t)1 << 20);
  if (sum == NULL) return NORMPROOF_FAILED;
  *sum += 1;
  moved.eps = call->eps * *sum;
  *sum = 0; /* for the next one who takes it for 0 */
  status = infer(&moved);
  free((void*)sum);
  return status;
}

ONE_KERNEL("batch_norm_infer_adds_up", "adds to memory that it did not clear", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
