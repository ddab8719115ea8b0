// Honest full normalization in training: double, the mean of the state in two parts.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {

normproof_kernel fn_train_double() {
  return declare("fn_train_double", "double, mean in two parts", NORMPROOF_FN_TRAIN,
                 &full_norm_train<FullNormTrainSteps>);
}

}  // namespace normproof::zoo::honest
