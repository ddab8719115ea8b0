/* Is a table of another version not walked? */
#include <stddef.h>

#include "impl/kernel.h"

const normproof_library* normproof_kernels(uint32_t abi_version) {
  static const normproof_library table = {NORMPROOF_ABI_VERSION + 1, 1, NULL};
  (void)abi_version;
  return &table;
}
