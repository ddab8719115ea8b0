// Which fault? x_hat is about the mean of the batch.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormBackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    if (call.x.batch * call.x.spatial == 0) return of;
    of.mean = TrainSteps::mean({call.x, c});  // fault: the state's mean is asked for
    of.mean_low = 0;
    return of;
  }
};

}  // namespace

FaultyKernel fn_backward_about_batch_mean() {
  return {declare("fn_backward_about_batch_mean", "mean of the batch", NORMPROOF_FN_BACKWARD, &backward<Steps>),
          "batch statistic in full normalization",
          "x_hat uses the mean of x",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
