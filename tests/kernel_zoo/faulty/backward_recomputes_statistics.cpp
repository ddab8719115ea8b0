// Which fault? Statistics are taken from x again, not from saved_*.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    if (call.x.batch * call.x.spatial == 0) return saved_statistics(call, c);
    const Channel x{call.x, c};
    const double mean = TrainSteps::mean(x), variance = TrainSteps::variance(x, mean);
    return {mean, 0, 1 / std::sqrt(variance + call.eps), true};  // fault: the forward pass may have had others
  }
};

}  // namespace

FaultyKernel backward_recomputes_statistics() {
  return {
      declare("backward_recomputes_statistics", "statistics recomputed", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
      "saved statistics not used",
      "saved_* are not read",
      {"gradients", "hostile_parameters", "extreme_values"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
