// Honest backward pass: double, both sums compensated.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {

normproof_kernel backward_compensated() {
  return declare("backward_compensated", "double, compensated sums", NORMPROOF_BN_TRAIN_BACKWARD,
                 &backward<BackwardSteps>);
}

}  // namespace normproof::zoo::honest
