/* Is a mode of the processor that is set while the library is loaded a finding, and are its calls judged without it? */
#include "tests/conformance_libraries/plain_kernels.h"

#if defined(__x86_64__)
#include <xmmintrin.h>

/* As crtfastmath.o does, which compilers link in for fast mathematics: flush-to-zero and denormals-are-zero. */
__attribute__((constructor)) static void set_mode(void) { _mm_setcsr(_mm_getcsr() | 0x8040u); }
#else
#include <fenv.h>

__attribute__((constructor)) static void set_mode(void) { fesetround(FE_TOWARDZERO); }
#endif

ONE_KERNEL("batch_norm_infer_right", "batch norm with given statistics", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC, infer)
