/* Is a library that ends the process while it is loaded, as if all were well, one line and no more? */
#include <unistd.h>

#include "tests/conformance_libraries/plain_kernels.h"

__attribute__((constructor)) static void leave(void) { _exit(0); }

ONE_KERNEL("batch_norm_infer_right", "is never reached", NORMPROOF_BN_INFER, NORMPROOF_ANY_STRIDES, infer)
