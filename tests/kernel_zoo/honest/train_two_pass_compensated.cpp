// Honest training: two passes in double, both sums compensated.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {

normproof_kernel train_two_pass_compensated() {
  return declare("train_two_pass_compensated", "two passes in double, compensated sums", NORMPROOF_BN_TRAIN,
                 &train<TrainSteps>);
}

}  // namespace normproof::zoo::honest
