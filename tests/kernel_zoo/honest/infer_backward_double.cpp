// Honest backward pass of inference: double, compensated sums.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {

normproof_kernel infer_backward_double() {
  return declare("infer_backward_double", "double, compensated sums", NORMPROOF_BN_INFER_BACKWARD,
                 &backward<InferBackwardSteps>);
}

}  // namespace normproof::zoo::honest
