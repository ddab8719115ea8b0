// Which fault? Inference uses the statistics of the batch.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const Channel x{call.x, c};
    const double mean = TrainSteps::mean(x), variance = TrainSteps::variance(x, mean);
    return {mean, 0, 1 / std::sqrt(variance + call.eps), true};  // fault: running statistics are not read
  }
};

}  // namespace

FaultyKernel infer_normalizes_with_batch() {
  return {declare("infer_normalizes_with_batch", "batch statistics at inference", NORMPROOF_BN_INFER, &infer<Steps>),
          "training formula at inference",
          "statistics of x are used",
          {"tails", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
