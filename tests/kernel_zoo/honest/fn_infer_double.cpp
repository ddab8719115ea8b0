// Honest full normalization in inference: double, the variance with the rounding errors of its squares.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {

normproof_kernel fn_infer_double() {
  return declare("fn_infer_double", "double", NORMPROOF_FN_INFER, &infer<FullNormInferSteps>);
}

}  // namespace normproof::zoo::honest
