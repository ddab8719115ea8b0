// Which fault? Where saved_inv_std is absent it is worked out from x.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static normproof_status check(const normproof_call* call) {
    normproof_call filled = *call;
    if (filled.saved_inv_std.data == nullptr) filled.saved_inv_std = filled.saved_mean;  // fault: it is required
    return BackwardSteps::check(&filled);
  }
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = saved_statistics(call, c);
    if (call.saved_inv_std.data == nullptr)
      of.inv_std = 1 / std::sqrt(TrainSteps::variance({call.x, c}, of.mean) + call.eps);
    return of;
  }
};

}  // namespace

FaultyKernel backward_missing_saved_recomputed() {
  return {declare("backward_missing_saved_recomputed", "saved_inv_std may be absent", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "bad argument accepted",
          "saved_inv_std may be absent",
          {"errors"},
          FindingKind::status};
}

}  // namespace normproof::zoo::faulty
