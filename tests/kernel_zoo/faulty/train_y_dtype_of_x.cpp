// Which fault? y is written as x is read, whatever its type.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  normproof_call as_x = *call;
  as_x.y.dtype = call->x.dtype;  // fault: y has a type of its own
  return train<TrainSteps>(&as_x);
}

}  // namespace

FaultyKernel train_y_dtype_of_x() {
  return {declare("train_y_dtype_of_x", "type of y ignored", NORMPROOF_BN_TRAIN, &run),
          "type of an output ignored",
          "y is written with the type of x",
          {"types"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
