// Which fault? The variance's term of dx is there only where the clamp is active.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormBackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    of.through_variance = !of.through_variance;  // fault: the switch is the wrong way round
    return of;
  }
};

}  // namespace

FaultyKernel fn_backward_clamp_reversed() {
  return {declare("fn_backward_clamp_reversed", "clamp reversed", NORMPROOF_FN_BACKWARD, &backward<Steps>),
          "switch of the clamp reversed",
          "c is reversed",
          {"tails", "gradients", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
