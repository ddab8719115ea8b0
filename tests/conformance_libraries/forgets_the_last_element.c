/* Is the last element of a channel looked at? The kernel leaves it as it was where a channel has an odd number of
 * them. */
#include <string.h>

#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  const int odd = (call->x.batch * call->x.spatial) % 2 != 0 && call->x.channels > 0;
  double before = 0;
  int64_t last = 0;
  if (!odd || makes_no_sense(call)) return infer(call);
  last = element(&call->y, call->y.batch - 1, call->y.channels - 1, call->y.spatial - 1);
  memcpy(&before, (char*)call->y.data + last * (call->y.dtype == NORMPROOF_F32 ? 4 : 8),
         call->y.dtype == NORMPROOF_F32 ? 4 : 8);
  const normproof_status status = infer(call);
  if (status == NORMPROOF_OK)
    memcpy((char*)call->y.data + last * (call->y.dtype == NORMPROOF_F32 ? 4 : 8), &before,
           call->y.dtype == NORMPROOF_F32 ? 4 : 8);
  return status;
}

ONE_KERNEL("batch_norm_infer_odd", "leaves the last of an odd number of elements", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
