// Which fault? fn_mean_low is not read in the backward pass.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormBackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    normproof_call high_only = call;
    high_only.fn_mean_low.data = nullptr;  // fault: mu has two parts
    return full_norm_statistics(high_only, c);
  }
};

}  // namespace

FaultyKernel fn_backward_low_part_ignored() {
  return {
      declare("fn_backward_low_part_ignored", "low part of the mean ignored", NORMPROOF_FN_BACKWARD, &backward<Steps>),
      "low part of the mean ignored",
      "fn_mean_low is taken for 0",
      {"hostile_parameters"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
