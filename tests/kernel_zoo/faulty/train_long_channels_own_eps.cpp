// Which fault? Long channels go another way, in which eps is a constant.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  constexpr std::int64_t long_channel = 1024;
  normproof_call own = *call;
  if (call->x.batch * call->x.spatial > long_channel) own.eps = 1e-5;  // fault: what the tests have
  return train<TrainSteps>(&own);
}

}  // namespace

FaultyKernel train_long_channels_own_eps() {
  return {declare("train_long_channels_own_eps", "eps is 1e-5 in long channels", NORMPROOF_BN_TRAIN, &run),
          "a path forgets a parameter",
          "the path for more than 1024 values has its eps compiled in",
          {"combinations"}};
}

}  // namespace normproof::zoo::faulty
