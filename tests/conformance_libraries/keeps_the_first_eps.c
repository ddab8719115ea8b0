/* Is it seen that a kernel keeps something of its first call, and is it seen again in a process of its own? */
#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  static double kept = -1;
  normproof_call planned = *call;
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (kept < 0) kept = call->eps;
  planned.eps = kept;
  return infer(&planned);
}

ONE_KERNEL("batch_norm_infer_planned", "plans with the eps of the first call", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
