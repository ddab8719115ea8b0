/* Does what a kernel writes, wherever it can, become no result of ours? It prints in every call, and where a channel
 * has three values it writes to every connection that the process has. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/conformance_libraries/plain_kernels.h"

static normproof_status run(const normproof_call* call) {
  const char* const garbage = "{\"result\": true}\n";
  const int most_descriptors = 256;
  printf("%s", garbage);
  fprintf(stderr, "%s", garbage);
  for (int k = 3; k < most_descriptors && call->x.batch * call->x.spatial == 3; ++k)
    if (write(k, garbage, strlen(garbage)) < 0) continue;
  return infer(call);
}

ONE_KERNEL("batch_norm_infer_prints", "writes to what is not its own", NORMPROOF_BN_INFER,
           NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC, run)
