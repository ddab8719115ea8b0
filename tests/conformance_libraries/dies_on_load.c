/* Is a library that dies while it is loaded one line and no more? */
#include <signal.h>

#include "tests/conformance_libraries/plain_kernels.h"

__attribute__((constructor)) static void die(void) { raise(SIGSEGV); }

ONE_KERNEL("batch_norm_infer_right", "is never reached", NORMPROOF_BN_INFER, NORMPROOF_ANY_STRIDES, infer)
