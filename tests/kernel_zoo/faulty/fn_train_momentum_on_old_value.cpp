// Which fault? The momentum weighs the old square, not the new one (momentum_reversed).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormTrainSteps {
  static void update_square(const normproof_call& call, std::int64_t c, double square) {
    const double before = get(call.fn_square, c);
    set(call.fn_square, c, call.momentum * before + (1 - call.momentum) * square);  // fault: the weights are exchanged
  }
};

}  // namespace

FaultyKernel fn_train_momentum_on_old_value() {
  return {declare("fn_train_momentum_on_old_value", "momentum weighs the old value", NORMPROOF_FN_TRAIN,
                  &full_norm_train<Steps>),
          "momentum_reversed",
          "fn_square takes momentum·before + (1 − momentum)·square",
          {"channel_statistics", "exact_statistics", "few_values", "running_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
