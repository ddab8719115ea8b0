/* Is a library whose kernel is right found to be so? */
#include "tests/conformance_libraries/plain_kernels.h"

ONE_KERNEL("batch_norm_infer_right", "batch norm with given statistics", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC, infer)
