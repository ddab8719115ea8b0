/* Is a table whose entries are larger than ours walked with its own size? */
#include "tests/conformance_libraries/plain_kernels.h"

typedef struct {
  normproof_kernel known;
  void* added_later[2];
} later_kernel;

static const later_kernel kernels[] = {{{sizeof(later_kernel), "batch_norm_infer_first", "first", NORMPROOF_BN_INFER,
                                         1u << NORMPROOF_F32, NORMPROOF_ANY_STRIDES, infer},
                                        {NULL, NULL}},
                                       {{sizeof(later_kernel), "batch_norm_infer_second", "second", NORMPROOF_BN_INFER,
                                         1u << NORMPROOF_F64, NORMPROOF_ANY_STRIDES, infer},
                                        {NULL, NULL}}};

const normproof_library* normproof_kernels(uint32_t abi_version) {
  static const normproof_library table = {NORMPROOF_ABI_VERSION, 2, (const normproof_kernel*)kernels};
  return abi_version == NORMPROOF_ABI_VERSION ? &table : NULL;
}
