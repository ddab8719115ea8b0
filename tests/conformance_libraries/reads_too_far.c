/* Is a read behind an operand told by the operand? The kernel reads one value more of x than there is. */
#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  const normproof_tensor* x = &call->x;
  volatile double one_more = 0;
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (x->batch * x->channels * x->spatial > 0)
    one_more = read_number(x->data, x->dtype, element(x, x->batch - 1, x->channels - 1, x->spatial - 1) + 1);
  (void)one_more;
  return infer(call);
}

ONE_KERNEL("batch_norm_infer_reads_on", "reads one value more of x than there is", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
