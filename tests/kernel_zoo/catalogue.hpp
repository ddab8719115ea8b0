// Which kernels does the zoo have? Both lists are generated from the files of faulty/ and honest/.
#pragma once

#include <vector>

#include "impl/kernel.h"
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo {

std::vector<FaultyKernel> faulty_kernels();
std::vector<normproof_kernel> honest_kernels();

// The training forward pass that goes with backward kernels under test.
inline normproof_kernel right_forward() {
  return declare("right_train", "two passes in double", NORMPROOF_BN_TRAIN, &train<TrainSteps>);
}

}  // namespace normproof::zoo
