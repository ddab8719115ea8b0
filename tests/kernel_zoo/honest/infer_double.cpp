// Honest inference: x_hat in double, as the formula is written.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {

normproof_kernel infer_double() {
  return declare("infer_double", "x_hat in double", NORMPROOF_BN_INFER, &infer<InferSteps>);
}

}  // namespace normproof::zoo::honest
