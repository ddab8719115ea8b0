/* Is a library that gives its table whatever version it is asked for said to do so? */
#include "tests/conformance_libraries/plain_kernels.h"

static const normproof_kernel kernels[] = {{sizeof(normproof_kernel), "batch_norm_infer_right", "right",
                                            NORMPROOF_BN_INFER, 1u << NORMPROOF_F32, NORMPROOF_ANY_STRIDES, infer}};

const normproof_library* normproof_kernels(uint32_t abi_version) {
  static const normproof_library table = {NORMPROOF_ABI_VERSION, 1, kernels};
  (void)abi_version;
  return &table;
}
