// Which fault? Full normalization in training writes y from the high part of the mean alone (low_part_lost).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormTrainSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    normproof_call without = call;
    without.fn_mean_low.data = nullptr;  // fault: it has just been written
    return full_norm_statistics(without, c);
  }
};

}  // namespace

FaultyKernel fn_train_low_part_ignored() {
  return {declare("fn_train_low_part_ignored", "y from the high part of the mean", NORMPROOF_FN_TRAIN,
                  &full_norm_train<Steps>),
          "low_part_lost",
          "fn_mean_low is not read for y",
          {"types", "condition_sweep", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
