// Which fault? The slot that hands the mean around is overwritten before all lanes have read it.
//
// Seen in: ml-explore/mlx#2340, NVIDIA/apex#1184, ggml-org/llama.cpp#3057
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr std::int64_t lanes = 32;
  static double variance(const Channel& x, double mean) {
    double slot = mean;
    Sum sum;
    for (std::int64_t n = 0; n < x.count(); ++n) {
      const double centered = x[n] - slot;
      sum.add(centered * centered);
      if (n == lanes - 1) slot = sum.value();  // fault: no barrier, and the lanes that follow read this
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_broadcast_slot_reused() {
  return {declare("train_broadcast_slot_reused", "barrier missing", NORMPROOF_BN_TRAIN, &train<Steps>),
          "barrier missing between two uses of a slot",
          "values from the 33rd on are centred by a partial sum",
          {"tails", "block_sizes"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
