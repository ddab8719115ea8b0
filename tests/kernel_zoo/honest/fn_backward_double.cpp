// Honest backward pass of full normalization: double, compensated sums.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {

normproof_kernel fn_backward_double() {
  return declare("fn_backward_double", "double, compensated sums", NORMPROOF_FN_BACKWARD,
                 &backward<FullNormBackwardSteps>);
}

}  // namespace normproof::zoo::honest
