// Which fault? The low part of the mean stays what it was when the mean moves.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormTrainSteps {
  static void update_mean(const normproof_call& call, std::int64_t c, double mean) {
    // fault: the old low part has to move along, and the new one is what rounding leaves over now
    set(call.fn_mean, c, (1 - call.momentum) * get(call.fn_mean, c) + call.momentum * mean);
  }
};

}  // namespace

FaultyKernel fn_train_low_part_kept() {
  return {declare("fn_train_low_part_kept", "low part of the mean not updated", NORMPROOF_FN_TRAIN,
                  &full_norm_train<Steps>),
          "low part of the mean ignored",
          "fn_mean_low keeps what stood there",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
