// Which fault? saved_inv_std is taken for a standard deviation.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = saved_statistics(call, c);
    of.inv_std = 1 / of.inv_std;  // fault: right only with a forward pass that is wrong the same way
    return of;
  }
};

}  // namespace

FaultyKernel backward_inverts_saved_inv_std() {
  return {declare("backward_inverts_saved_inv_std", "saved_inv_std inverted", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "saved statistic of another kind",
          "1/saved_inv_std in the place of saved_inv_std",
          {"gradients", "tails", "few_values", "forward_backward"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
