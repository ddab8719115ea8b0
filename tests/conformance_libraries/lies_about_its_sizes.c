/* Is a kernel whose size is less than that of its structure not read? */
#include "tests/conformance_libraries/plain_kernels.h"

static const normproof_kernel kernels[] = {
    {8, "batch_norm_infer_right", "says that it is 8 bytes", NORMPROOF_BN_INFER, 1u << NORMPROOF_F32, 0, infer}};

const normproof_library* normproof_kernels(uint32_t abi_version) {
  static const normproof_library table = {NORMPROOF_ABI_VERSION, 1, kernels};
  (void)abi_version;
  return &table;
}
