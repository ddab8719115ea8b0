/* Is a library that never ends its loading one line and no more? */
#include <unistd.h>

#include "tests/conformance_libraries/plain_kernels.h"

__attribute__((constructor)) static void hang(void) {
  while (1) pause();
}

ONE_KERNEL("batch_norm_infer_right", "is never reached", NORMPROOF_BN_INFER, NORMPROOF_ANY_STRIDES, infer)
