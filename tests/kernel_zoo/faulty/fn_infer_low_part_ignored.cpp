// Which fault? Inference reads the high part of the mean alone (low_part_lost).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormInferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    normproof_call without = call;
    without.fn_mean_low.data = nullptr;  // fault: it is there
    return full_norm_statistics(without, c);
  }
};

}  // namespace

FaultyKernel fn_infer_low_part_ignored() {
  return {declare("fn_infer_low_part_ignored", "low part of the mean not read", NORMPROOF_FN_INFER, &infer<Steps>),
          "low_part_lost",
          "fn_mean_low is not added to fn_mean",
          {"types", "condition_sweep", "optional_operands"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
