// Which fault? dgamma is about the mean of the batch.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferBackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    Statistics about_batch = of;
    if (call.x.batch * call.x.spatial > 0)
      about_batch.mean = TrainSteps::mean({call.x, c});  // fault: running_mean is asked for
    return InferBackwardSteps::sums(call, c, about_batch);
  }
};

}  // namespace

FaultyKernel infer_backward_batch_mean_in_dgamma() {
  return {declare("infer_backward_batch_mean_in_dgamma", "dgamma about the batch mean", NORMPROOF_BN_INFER_BACKWARD,
                  &backward<Steps>),
          "batch statistic at inference",
          "x_hat of dgamma uses the mean of x",
          {"tails"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
