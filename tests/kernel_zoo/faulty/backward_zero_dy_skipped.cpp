// Which fault? A channel whose dy is all zero is skipped.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    bool is_zero = call->x.batch * call->x.spatial != 0;
    each_place(call->dy, [&](auto b, auto s) { is_zero = is_zero && get(call->dy, b, c, s) == 0; });
    if (!is_zero) backward_channel<BackwardSteps>(*call, c);  // fault: zeros are to be written
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_zero_dy_skipped() {
  return {declare("backward_zero_dy_skipped", "nothing for a zero dy", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "zero gradient skipped",
          "outputs are not written where dy is 0",
          {"gradients"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
