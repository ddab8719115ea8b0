/* Is an input that a kernel writes to and puts back seen, and told by its name? */
#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (call->x.batch * call->x.channels * call->x.spatial > 0) {
    volatile unsigned char* const first = call->x.data; /* so that the compiler leaves both writes */
    const unsigned char kept = *first;
    *first = (unsigned char)~kept;
    *first = kept;
  }
  return infer(call);
}

ONE_KERNEL("batch_norm_infer_borrows_x", "uses x as scratch", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
